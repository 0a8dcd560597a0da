"""The outcomes (办理结果) of an application, from `data/reply-kinds.json`: regulations art. 14-16, 30, 35-39 and forms.

The outcome is what is stored of an application; the row of the annual report is derived from it, form by form. Rows
whose `status` says (R) are readings that a superior organ may see otherwise.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

ALL_OUTCOMES_ROW = {
    "2014": "applications.closed",
    "2019": "applications.closed_total",
    "2021": "applications.closed_total",
}
"""The row in which every closed application is counted: （二）申请办结数 in 2014, （七）总计 since."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which an application ends. `article` is "" where only the form names it.

    `row_2014` is `None` where the form of 2014 counts the application as closed and not as replied.
    """

    code: str
    label: str
    article: str
    row_2014: str | None
    row_2019: str
    row_2021: str
    status: str = ""
    note: str = ""

    def row(self, form_code: str) -> str | None:
        """The row that counts it in that form. Raises ValueError for an unknown form."""
        rows = {"2014": self.row_2014, "2019": self.row_2019, "2021": self.row_2021}
        if form_code not in rows:
            raise ValueError(f"没有“{form_code}”格式，可用的格式为：{'、'.join(rows)}。")
        return rows[form_code]


def _read() -> Mapping[str, Outcome]:
    text = resources.files(__package__).joinpath("data/reply-kinds.json").read_text(encoding="utf-8")
    outcomes = (Outcome(**entry) for entry in json.loads(text)["reply_kinds"])
    return MappingProxyType({outcome.code: outcome for outcome in outcomes})


OUTCOMES: Mapping[str, Outcome] = _read()
"""Every outcome by its code, in the order of the articles."""


def row_of(form_code: str, outcome: str) -> str | None:
    """The row of the form that counts the outcome, `None`: closed without a reply. Raises KeyError, ValueError."""
    return OUTCOMES[outcome].row(form_code)


def outcomes_of_row(form_code: str, row_code: str) -> tuple[str, ...]:
    """The codes of all outcomes that a row counts; of a heading or a total, those of the rows below it.

    `row_code` is written as `Cell.row_code`: "applications.refused.state_secret". Empty for a row that counts no
    outcome. Raises ValueError for an unknown form.
    """
    if row_code == ALL_OUTCOMES_ROW.get(form_code):
        return tuple(OUTCOMES)
    below = f"{row_code}."
    return tuple(
        outcome.code
        for outcome in OUTCOMES.values()
        if (row := outcome.row(form_code)) is not None and (row == row_code or row.startswith(below))
    )
