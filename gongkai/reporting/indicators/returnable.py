"""Which cells of the national forms may come from returns (填报): one line a cell with the reason. No other cell may.

The list is that of the issue "From a year's records to the annual report". Beside it stand the indicators of `returns.py`
that are no cell (they are nothing but returns), and whole tables of agencies that work outside the system, whose returns
are named `FORM:cell`.
"""

from typing import Final

_PERMITS = "许可由审批系统办理，本系统没有逐件台账"
_SERVICES = "对外管理服务事项由各业务系统办理，本系统没有逐件台账"
_PENALTIES = "处罚由执法系统办理，本系统没有逐件台账"
_MEASURES = "强制由执法系统办理，本系统没有逐件台账"
_FEES = "收费由财政系统收缴，本系统没有逐笔台账"
_PROCUREMENT = "采购由采购平台办理，本系统没有逐项台账"
_RESPONSES = "回应解读还没有台账"
_COMPLAINTS = "举报投诉还没有台账"
_PROCESSING_FEES = "信息处理费还没有台账"
_STAFFING = "机构、人员、经费还没有台账"
_TRAINING = "会议、培训还没有台账"

CELLS: Final[dict[str, tuple[str, str]]] = {
    # cell: (indicator, why it may be returned)
    "2019:proactive.permit.items_last_year": ("open_data.permits.items_last_year", _PERMITS),
    "2019:proactive.permit.change": ("open_data.permits.change", _PERMITS),
    "2019:proactive.permit.rulings": ("open_data.permits.rulings", _PERMITS),
    "2019:proactive.other_service.items_last_year": ("open_data.other_services.items_last_year", _SERVICES),
    "2019:proactive.other_service.change": ("open_data.other_services.change", _SERVICES),
    "2019:proactive.other_service.rulings": ("open_data.other_services.rulings", _SERVICES),
    "2019:proactive.penalty.items_last_year": ("open_data.penalties.items_last_year", _PENALTIES),
    "2019:proactive.penalty.change": ("open_data.penalties.change", _PENALTIES),
    "2019:proactive.penalty.rulings": ("open_data.penalties.rulings", _PENALTIES),
    "2019:proactive.compulsory_measure.items_last_year": ("open_data.compulsory_measures.items_last_year", _MEASURES),
    "2019:proactive.compulsory_measure.change": ("open_data.compulsory_measures.change", _MEASURES),
    "2019:proactive.compulsory_measure.rulings": ("open_data.compulsory_measures.rulings", _MEASURES),
    "2019:proactive.administrative_fee.items_last_year": ("open_data.administrative_fees.items_last_year", _FEES),
    "2019:proactive.administrative_fee.change": ("open_data.administrative_fees.change", _FEES),
    "2019:proactive.centralized_procurement.projects": ("open_data.centralized_procurement.projects", _PROCUREMENT),
    "2019:proactive.centralized_procurement.amount": ("open_data.centralized_procurement.amount", _PROCUREMENT),
    "2021:proactive.permit.rulings": ("open_data.permits.rulings", _PERMITS),
    "2021:proactive.penalty.rulings": ("open_data.penalties.rulings", _PENALTIES),
    "2021:proactive.compulsory_measure.rulings": ("open_data.compulsory_measures.rulings", _MEASURES),
    "2021:proactive.administrative_fee.amount": ("open_data.administrative_fees.amount", _FEES),
    "2014:responses.total": ("interaction.concern_responses.total", _RESPONSES),
    "2014:responses.press_conferences": ("interaction.press_conferences.held_or_attended", _RESPONSES),
    "2014:responses.press_conferences.principal": ("interaction.press_conferences.by_principal", _RESPONSES),
    "2014:responses.online_interviews": ("interaction.online_interviews", _RESPONSES),
    "2014:responses.online_interviews.principal": ("interaction.online_interviews.by_principal", _RESPONSES),
    "2014:responses.interpretations": ("interpretations.published", _RESPONSES),
    "2014:responses.weibo_wechat": ("interaction.concern_responses.weibo_wechat", _RESPONSES),
    "2014:responses.other": ("interaction.concern_responses.other_way", _RESPONSES),
    "2014:complaints": ("supervision.complaints", _COMPLAINTS),
    "2014:fees": ("applications.fees", _PROCESSING_FEES),
    "2014:staffing.offices": ("agencies.disclosure_offices", _STAFFING),
    "2014:staffing.reading_points": ("records.reading_points", _STAFFING),
    "2014:staffing.people.full_time": ("agencies.disclosure_staff.full_time", _STAFFING),
    "2014:staffing.people.part_time": ("agencies.disclosure_staff.part_time", _STAFFING),
    "2014:staffing.budget": ("agencies.disclosure_budget", _STAFFING),
    "2014:training.meetings": ("supervision.training.meetings", _TRAINING),
    "2014:training.courses": ("supervision.training.courses", _TRAINING),
    "2014:training.trainees": ("supervision.training.trainees", _TRAINING),
}

IN_ADDITION: Final[dict[str, str]] = {
    # indicator: why a return may stand beside its rows
    "records.published.total": "县级实际统计时在台账之外另加的信息数（2014年格式主动公开政府信息数），须写明理由，在年报中说明",
}
"""The one exception: rows and, said openly, a return beside them."""


def why_in_addition(indicator: str) -> str:
    """The reason why a return may be filed beside rows, or an empty text where it may not."""
    return IN_ADDITION.get(indicator, "")
