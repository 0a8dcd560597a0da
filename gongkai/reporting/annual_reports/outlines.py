"""The sections of a report: those of the national form; for 2014 to 2018, whose form was a table only, the usual ones.

Source of the latter: article 32 of the regulations of 2007 (国务院令第492号), which names six contents.
"""

from dataclasses import dataclass

from gongkai.core.national_forms import NationalForm


@dataclass(frozen=True, slots=True)
class Outline:
    """One section: its number as key, its heading, the tables of the form that stand in it, and a hint for the clerk."""

    key: str
    heading: str
    tables: tuple[str, ...] = ()
    hint: str = ""


_OF_2007 = (
    "一、概述",
    "二、主动公开政府信息情况",
    "三、依申请公开政府信息和不予公开政府信息情况",
    "四、政府信息公开的收费及减免情况",
    "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
    "六、政府信息公开工作存在的主要问题及改进情况",
    "七、其他需要报告的事项",
)


def outline_of(form: NationalForm) -> tuple[Outline, ...]:
    """The sections of a report made on the form, in order. The table of 2014 stands at the end, as an annex."""
    headings = form.sections or _OF_2007
    sections = []
    for heading in headings:
        key = heading.partition("、")[0]
        tables = tuple(table.code for table in form.tables if table.section == key)
        sections.append(Outline(key, heading, tables, form.section_notes.get(key, "")))
    if not form.sections:
        sections.append(Outline("附", form.title, tuple(table.code for table in form.tables)))
    return tuple(sections)
