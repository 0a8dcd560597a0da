"""How a line of the journal reads: the ledger, what was done, which fields; never a value."""

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from gongkai.base.models import JournalLine

NOUNS = {
    "action": "操作",
    "backup": "备份",
    "calendar": "工作日历",
    "journal": "操作日志",
    "page": "页面",
    "session": "登录",
}
DEEDS = {
    "accepted": "接收",
    "applicants_changed": "更正申请人",
    "applicants_exported": "下载申请人",
    "applicants_named": "登记申请人",
    "assigned": "指定承办人",
    "changed": "修改",
    "closed": "停用",
    "closed_many": "成批办结",
    "closing_corrected": "更正办结",
    "compiled": "汇总",
    "confirmed": "确认",
    "correction_filed": "填报更正",
    "correction_opened": "建立更正的一版",
    "created": "新建",
    "created_in_bulk": "成批新建",
    "days_changed": "改动放假安排",
    "decided": "登记结果",
    "decided_many": "成批登记结果",
    "deputised": "设代理",
    "due_reckoned": "重算期限",
    "due_recomputed": "重算期限",
    "ended": "终止",
    "extended": "延期",
    "filed": "填报",
    "finding_explained": "写核查说明",
    "freeze_proposed": "提请定稿",
    "frozen": "批准定稿",
    "hand_figure_removed": "撤掉手工填写的数",
    "handed_over": "移交",
    "idle_ended": "久未操作，自动退出",
    "imported": "导入",
    "lapsed": "失效",
    "made": "生成",
    "moved": "调动",
    "moved_with_agency": "随机构调整",
    "notice_entered": "录入放假安排",
    "opened": "新建",
    "opened_many": "成批登记",
    "parts_taken_over": "承接上一版正文",
    "password_changed": "改密码",
    "password_reset": "重设密码",
    "post_ended": "免去角色",
    "posted": "授予角色",
    "previous_table_recorded": "登记上年公布的表",
    "proposal_withdrawn": "撤回提请",
    "proposed": "提请定稿",
    "published": "发布",
    "refused": "被拒绝",
    "registered": "登记",
    "registered_many": "成批登记",
    "remarked": "写退回意见",
    "renamed": "更名",
    "reopened": "重新打开",
    "repealed": "废止",
    "replaced": "以更正替换",
    "restored": "恢复",
    "returned": "退回",
    "scope_set": "改统计范围",
    "section_written": "编写正文",
    "sign_in_refused": "登录被拒绝",
    "signed_in": "登入",
    "signed_out": "退出",
    "status_changed": "改公开属性",
    "submitted": "报送",
    "term_set": "设定沿革",
    "typed_by_hand": "手工填写",
    "unlocked": "解除锁定",
    "verification_failed": "核对不符",
    "verified": "核对相符",
    "versions_blanked": "清除期满内容",
    "withdrawn": "撤回",
    "work_point_answered": "写工作要点的落实",
    "work_point_set": "登记工作要点",
}
OWN_WORDS = {
    "application.closed": "办结",
    "application.reopened": "撤销办结登记",
    "publication.withdrawn": "撤下",
    "remedy.opened": "登记",
    "reports.opened": "开始编制",
}
"""Deeds that one ledger calls by a word of its own: that of its button."""


def title_of(line: JournalLine) -> str:
    """Ledger and deed in words; a deed that has no word here is shown as its verb."""
    noun, _, deed = line.verb.partition(".")
    model = _model_title(line.subject) or NOUNS.get(noun, "")
    done = OWN_WORDS.get(line.verb) or DEEDS.get(deed)
    words = f"{model} · {done}" if done and model else done or line.verb
    return f"{words}（{line.rows:,} 行）" if line.rows > 1 else words


def changed_fields(line: JournalLine) -> list[str]:
    """Names of the changed fields as they stand on the forms; of a new row none, for then all are."""
    if line.subject_version == 1 or not line.subject:
        return []
    return [_field_title(line.subject, name) for name in line.changed]


def _model_title(label: str) -> str:
    try:
        return str(apps.get_model(label)._meta.verbose_name) if label else ""
    except (LookupError, ValueError):
        return label  # a ledger of an earlier release


def _field_title(label: str, name: str) -> str:
    try:
        return str(getattr(apps.get_model(label)._meta.get_field(name), "verbose_name", name))
    except (LookupError, ValueError, FieldDoesNotExist):
        return name
