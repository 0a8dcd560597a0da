"""Import of agencies: each under a parent that is there already or stands in the same file."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from gongkai.base.errors import RuleBroken
from gongkai.ledgers.agencies.actions import AgencyRow, create_agencies
from gongkai.ledgers.agencies.actions.agencies import CODE, SLUG, span_of
from gongkai.ledgers.agencies.histories import Span, require_sound
from gongkai.ledgers.agencies.models import Agency, AgencyTerm
from gongkai.site.imports.columns import Column, of
from gongkai.site.imports.ledger import Desk, Ledger, Row


class AgencyLedger(Ledger):
    """单位: created with one open term."""

    code = "agencies"
    title = "单位"
    holds = "一行一个单位：代号、名称、上级单位、类别、从哪一天起"
    verb = "agencies.manage"
    url_name = "desk:agencies"
    key = ("slug",)
    columns = (
        of(Agency, "slug", required=True, example="jiaoyu", note="小写字母、数字和连字符；网址和命令里用，定了不再改"),
        of(Agency, "code", heading="机构编码", required=True, example="SF020"),
        of(AgencyTerm, "name", required=True, example="示范区教育局", width=30),
        of(AgencyTerm, "short_name", example="教育局", note="不填就用名称"),
        of(AgencyTerm, "kind", required=True, example="工作部门"),
        Column(
            "parent",
            "上级单位",
            required=True,
            example="示范区人民政府",
            note="写全称或者代号；同一文件里的单位写代号",
            width=30,
        ),
        of(AgencyTerm, "valid_from", required=True, example="2010-01-01", note="从哪一天起有这个单位"),
        of(Agency, "document_prefix", example="示教"),
        of(AgencyTerm, "reports_for_itself", example="是"),
        of(AgencyTerm, "works_outside", example="否", note="填“是”的单位年底上传统计表"),
    )

    def offered(self, desk: Desk) -> dict[str, list[str]]:
        """The parents."""
        return {"parent": desk.held(self.verb)}

    def check(self, rows: Sequence[Row], desk: Desk) -> None:
        """Names and codes, then the tree that would come of it."""
        there = {term.agency.slug: term for term in AgencyTerm.objects.select_related("agency").order_by("-valid_from")}
        terms = list(AgencyTerm.objects.select_related("agency", "parent"))
        codes = {agency.code: agency.slug for agency in desk.agencies.by_pk.values()}
        in_file = {row["slug"]: row for row in rows if row["slug"]}
        for row in rows:
            row.entry = self._entry(row, in_file, desk)
            if row.entry is not None and row["slug"] in there:
                self._compare(row, [term for term in terms if term.agency.slug == row["slug"]])
            elif row.entry is not None:
                self._check_codes(row, codes)
        self._check_tree([row for row in rows if row.is_new], [span_of(term) for term in terms])

    def _entry(self, row: Row, in_file: dict[str, Row], desk: Desk) -> AgencyRow | None:
        parent = str(row["parent"]).strip()
        if parent and parent not in in_file:
            try:
                above = desk.agencies.find(parent)
            except RuleBroken as broken:
                self.fault(row, str(broken), "parent")
            else:
                parent = above.slug
                if sentence := desk.refusal(self.verb, above):
                    self.fault(row, sentence, "parent")
        if row.faults:
            return None
        return AgencyRow(
            slug=row["slug"],
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            valid_from=row["valid_from"],
            parent=parent,
            short_name=row.values.get("short_name", "") or row["name"],
            document_prefix=row.values.get("document_prefix", ""),
            reports_for_itself=row.values.get("reports_for_itself", True),
            works_outside=row.values.get("works_outside", False),
        )

    def _check_codes(self, row: Row, codes: dict[str, str]) -> None:
        if not SLUG.fullmatch(row["slug"]):
            self.fault(row, f"“{row['slug']}”不合要求：小写字母、数字和连字符，最长 40 个字符", "slug")
        if not CODE.fullmatch(row["code"]):
            self.fault(row, f"“{row['code']}”不合要求：大写字母、数字和连字符，最长 20 个字符", "code")
        holder = codes.setdefault(row["code"], row["slug"])
        if holder != row["slug"]:
            self.fault(row, f"“{row['code']}”已由 {holder} 使用", "code")

    def _compare(self, row: Row, terms: list[AgencyTerm]) -> None:
        """With the term that began on the day of the file, or held on it."""
        on: date = row["valid_from"]
        terms.sort(key=lambda term: term.valid_from)
        term = next((term for term in reversed(terms) if term.valid_from <= on), terms[0])
        held: dict[str, Any] = {
            field: getattr(term, field)
            for field in ("name", "kind", "valid_from", "short_name", "reports_for_itself", "works_outside")
        }
        held |= {"code": term.agency.code, "document_prefix": term.agency.document_prefix}
        held["parent"] = term.parent.slug if term.parent else ""
        given = row.values | {"parent": row.entry.parent, "short_name": row.entry.short_name}
        self.compare(row, given, held, advice="导入不改已有的单位，要变更请在“单位与人员”里办理")

    def _check_tree(self, rows: Sequence[Row], spans: list[Span]) -> None:
        """One sentence for the tree as a whole, put at the row it names, else at the first."""
        new = [Span(row["slug"], row.entry.parent, row["name"], row["valid_from"], None) for row in rows]
        try:
            require_sound([*spans, *new])
        except RuleBroken as broken:
            named = [row for row in rows if f"“{row['name']}”" in str(broken)] or list(rows[:1])
            for row in named[:1]:
                self.fault(row, str(broken), broken.field if broken.field in ("parent", "valid_from") else "parent")

    def write(self, rows: Sequence[Row], desk: Desk, reason: str) -> Sequence[tuple[str, ...]]:  # noqa: ARG002
        """All at once: a parent of the same file may stand in any line."""
        create_agencies([row.entry for row in rows], by=desk.user)
        return ()
