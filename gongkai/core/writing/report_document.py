"""What a written annual report consists of, beside its cells and sections: title, opening, notes, signature.

Contents: art. 50 of the regulations (条例); the opening paragraph as offices write it (basis, parts, period, where to
download, whom to ask), from the published reports in `gongkai.core.seeds`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from gongkai.core.law.articles import chinese_number
from gongkai.core.national_forms import NationalForm, form_named
from gongkai.core.reading.report import PublishedReport, Section
from gongkai.core.writing.numerals import date_text
from gongkai.core.writing.report_tables import OFFICIAL, Layout, unknown_note

REGULATIONS_OF_2007 = "《中华人民共和国政府信息公开条例》（国务院令第492号）"
REGULATIONS_OF_2019 = "《中华人民共和国政府信息公开条例》（国务院令第711号）"
LAST_YEAR_OF_2007 = 2018
"""The report on 2018 was made in early 2019, before the text of 2019 came into force on 15 May."""

NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "2014": "《国务院办公厅关于加强和规范政府信息公开情况统计报送工作的通知》（国办发〔2014〕32号）",
        "2019": (
            "《国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2019〕60号）"
        ),
        "2021": (
            "《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》"
            "（国办公开办函〔2021〕30号）"
        ),
    }
)
"""The notice on which a report of each form is made, with its number, as an opening paragraph names it."""

SUBHEADING = re.compile(r"^（[一二三四五六七八九十]+）")
LONGEST_SUBHEADING = 40
NUMBERED = re.compile(r"^([一二三四五六七八九十]+)、\s*")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask about a report. What is empty is left out."""

    office: str = ""
    address: str = ""
    phone: str = ""
    postcode: str = ""
    email: str = ""

    def sentence(self) -> str:
        """如对本报告有疑问，请与…联系（地址：…）。; empty without an office."""
        if not self.office:
            return ""
        named = (("地址", self.address), ("电话", self.phone), ("邮编", self.postcode), ("电子邮箱", self.email))
        ways = "；".join(f"{name}：{value}" for name, value in named if value)
        return f"如对本报告有疑问，请与{self.office}联系{f'（{ways}）' if ways else ''}。"


@dataclass(frozen=True, slots=True, eq=False)
class ReportDocument:
    """A report as it is written out. `report` holds its cells and sections; the rest stands around them.

    `notes` are what a reader must know of single figures (typed by hand, filed in addition, made by estimate).
    `correction` says what a corrected version changed. `signed_by` and `dated` are the signature; `footer` what is
    written behind the labels under the table of 2014. `sources` says of each cell where its value comes from.
    """

    report: PublishedReport
    title: str
    opening: str = ""
    notes: tuple[str, ...] = ()
    correction: str = ""
    signed_by: str = ""
    dated: date | None = None
    footer: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def form(self) -> NationalForm:
        """The national form. Raises ValueError where the report was made on none."""
        if self.report.form is None:
            raise ValueError("这份报告不是按国家统一格式编制的，不能输出。")
        return form_named(self.report.form)

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes, and the one that names the cells printed empty."""
        unknown = unknown_note(self.form, self.report.cells)
        return (*self.notes, unknown) if unknown else self.notes

    @property
    def annex_title(self) -> str:
        """The title over the table of 2014, which was an annex to a free text; empty for later forms."""
        pattern = self.form.title_pattern
        issuer, year = self.report.issuer or "", str(self.report.year or "")
        return pattern.replace("{机关名称}", issuer).replace("{年度}", year)

    def parts(self) -> Iterator[tuple[Section, tuple[Layout, ...]]]:
        """The sections in their order, each with the tables that belong into it.

        Every printed heading of the form comes, also where nothing was written under it. The form of 2014 has no
        headings: of the free text comes what was written, and the table stands at the end, without a heading.
        """
        layouts = OFFICIAL[self.form.code]
        if not self.form.sections:
            yield from ((section, ()) for section in self.report.sections if section.text.strip())
            yield Section("", ""), layouts
            return
        written = {section_number(section.heading): section for section in self.report.sections}
        for heading in self.form.sections:
            number = section_number(heading)
            text = written[number].text if number in written else ""
            yield Section(heading, text), tuple(layout for layout in layouts if layout.table.section == number)


def section_number(heading: str) -> str:
    """The Chinese number of a heading: 二 of 二、主动公开政府信息情况; the heading itself where it has none."""
    found = NUMBERED.match(heading)
    return found[1] if found else heading


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a narrative: one a line, empty lines and indents left out."""
    return filter(None, (line.strip("　 \t\r") for line in text.split("\n")))


def split_subheading(line: str) -> tuple[str, str]:
    """What is printed as a heading of the second level (楷体), and the rest of the paragraph.

    A paragraph that begins with （一） is headed by its first sentence; a long first sentence is text. One without a full
    stop is a heading as a whole.
    """
    head, stop, rest = line.partition("。")
    if not SUBHEADING.match(line) or len(head) > LONGEST_SUBHEADING:
        return "", line
    return head + stop, rest


def opening_paragraph(
    form: NationalForm,
    year: int,
    *,
    headings: Sequence[str] = (),
    download: str = "",
    contact: Contact | None = None,
) -> str:
    """The paragraph before section one: basis, parts, period, where to download, whom to ask.

    `headings` are those of the report where the form has none (2014). `download` names the place, with its address:
    “示范区人民政府”门户网站（网址：…）; without it the sentence is left out.
    """
    regulations = REGULATIONS_OF_2007 if year <= LAST_YEAR_OF_2007 else REGULATIONS_OF_2019
    parts = [NUMBERED.sub("", heading) for heading in form.sections or headings]
    sentences = [f"本报告依据{regulations}和{NOTICES[form.code]}编制。"]
    if parts:
        named = "".join(f"“{part}”" for part in parts)
        sentences.append(f"报告由{named}{_how_many(len(parts))}个部分组成。")
    sentences.append(
        f"报告中所列数据的统计期限自{date_text(date(year, 1, 1))}起，至{date_text(date(year, 12, 31))}止。"
    )
    if download:
        sentences.append(f"本报告的电子版可在{download}下载。")
    if contact is not None:
        sentences.append(contact.sentence())
    return "".join(sentences)


def _how_many(number: int) -> str:
    """As people count: 两个, 六个."""
    return "两" if number == 2 else chinese_number(number)
