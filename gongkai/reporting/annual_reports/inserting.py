"""What can be put into the text: figures by the name of their indicator, and sentences that are ready."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gongkai.core.writing.numerals import plain
from gongkai.reporting.annual_reports.models import WorkPoint
from gongkai.reporting.annual_reports.narrative import Token, read
from gongkai.reporting.annual_reports.queries import Topic
from gongkai.reporting.annual_reports.shown import tidy
from gongkai.reporting.indicators import Indicator, family, find, indicators
from gongkai.reporting.indicators.evaluation import Ask, Figure

MOST = 12
FIRST = (
    "records.published.total",
    "applications.new.total",
    "applications.closed_total.total",
    "applications.carried_in.total",
    "applications.carried_over.total",
    "applications.on_time_share",
    "applications.granted.total",
    "remedies.reconsideration.total",
    "remedies.litigation.total",
    "normative.issued.total",
    "normative.in_force.total",
    "open_data.permits.rulings",
)
"""What stands in the panel before anything is searched; names that do not exist are left out."""
SUBJECTS = "applications.new.total"


@dataclass(frozen=True, slots=True)
class InsertLine:
    """A figure that can be inserted: its token with braces, what it is, what it is worth in the report's scope."""

    token: str
    title: str
    unit: str
    figure: Figure | None

    @property
    def value(self) -> object:
        """The value, None while it is unknown."""
        return None if self.figure is None else tidy(self.figure.value, self.unit)


def found_tokens(q: str) -> tuple[list[Token], int]:
    """The figures that fit the words, at most twelve, and how many more there are.

    Each word is looked for in the title and the name; one that is neither may be a member of a dimension (网络: the
    applications received online).
    """
    words = q.split()
    if not words:
        return [read(name) for name in FIRST if find(name) is not None], 0
    tokens = list(_fitting(words))
    return tokens[:MOST], max(0, len(tokens) - MOST)


def _fitting(words: Iterable[str]) -> Iterator[Token]:
    for name, indicator in indicators().items():
        other = [word for word in words if word not in indicator.title and word not in name]
        if not other:
            yield read(name)
        elif len(other) == 1:
            yield from (read(f"{name}|{cut}") for cut in _cuts(indicator, other[0]))


def _cuts(indicator: Indicator, word: str) -> Iterator[str]:
    """dimension=member for every member that is called so and by which the indicator is not cut yet."""
    of = indicator.term
    if of is None:
        return
    for name, dimension in family(of.family).ledger.dimensions.items():
        if name in of.dimensions:
            continue
        for member, label in (dimension.labels or {}).items():
            if word in label:
                yield f"{name}={member}"


def insert_lines(tokens: Iterable[Token], figures: Mapping[Ask, Figure]) -> list[InsertLine]:
    """The tokens with what they are worth."""
    lines = []
    for token in tokens:
        if token.indicator is None or token.asked is None:
            continue
        title = token.indicator.title + _cut_words(token)
        lines.append(InsertLine(f"{{{{{token.text}}}}}", title, token.indicator.unit, figures.get(token.asked)))
    return lines


def _cut_words(token: Token) -> str:
    """The member by which a token is cut, in words."""
    _, *cuts = token.text.split("|")
    if not cuts or token.indicator is None or token.indicator.term is None:
        return ""
    dimensions = family(token.indicator.term.family).ledger.dimensions
    labels = []
    for cut in cuts:
        name, _, member = cut.partition("=")
        labels.append((dimensions[name].labels or {}).get(member, member) if name in dimensions else member)
    return f"（{'、'.join(labels)}）"


@dataclass(frozen=True, slots=True)
class ReadySentence:
    """A sentence to be inserted: as it stands in the text, and as it reads."""

    token: str
    reads: str


def sentence_of_topics(topics: Iterable[Topic]) -> ReadySentence | None:
    """申请内容主要涉及…: the subjects of the applications received, each with its figure. None without subjects."""
    named = [topic for topic in topics if not set(topic.subject) & set("|{}=,")]
    if not named:
        return None
    written = "、".join(f"{topic.subject}{{{{{SUBJECTS}|subject={topic.subject}}}}}件" for topic in named)
    reads = "、".join(f"{topic.subject}{plain(topic.number)}件" for topic in named)
    return ReadySentence(f"申请内容主要涉及{written}。", f"申请内容主要涉及{reads}。")


def sentences_of_points(points: Iterable[WorkPoint]) -> list[ReadySentence]:
    """The answers to the work points, each ready to stand in the text."""
    return [ReadySentence(point.answer, point.answer) for point in points if point.answer]
