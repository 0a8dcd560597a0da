"""Figures that are rules of the office or of the form (as_of: rule): the value of a setting, or what the form says."""

from gongkai.base.office_settings import all_settings
from gongkai.reporting.indicators import Indicator, register

_RULES: tuple[tuple[str, str, str, str], ...] = (
    ("normative.expiry_notice_days", "规范性文件续期提醒", "日", "有效期届满前多少日提醒起草单位。"),
    (
        "normative.in_force_list.cycle",
        "现行有效规范性文件目录公布周期",
        "年",
        "每隔多久公布一次现行有效规范性文件目录。",
    ),
)


def register_rules() -> None:
    """Register the rules whose setting is declared; called at start-up after the ledgers have declared theirs."""
    declared = all_settings()
    register(
        *(
            Indicator(
                name=name,
                title=title,
                counts=counts,
                unit=unit,
                ledger=name.partition(".")[0],
                kind="setting",
                setting=name,
            )
            for name, title, unit, counts in _RULES
            if name in declared
        ),
        Indicator(
            name="annual_report.sections",
            title="年度报告的部分",
            counts="国家统一格式规定的部分数。",
            unit="个",
            ledger="annual_report",
            basis="国办公开办函〔2019〕60号、〔2021〕30号",
            kind="form",
        ),
    )
