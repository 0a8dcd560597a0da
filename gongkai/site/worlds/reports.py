"""The annual reports of a demo world: written, frozen, published, submitted, through the actions."""

from collections.abc import Mapping, Sequence
from datetime import date

from gongkai.base import clock
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.models import AnnualReport, Submission
from gongkai.reporting.annual_reports.outlines import outline_of
from gongkai.reporting.indicators.scopes import Reach
from gongkai.site.reports import publish_report
from gongkai.site.worlds.building import Builder
from gongkai.site.worlds.district import GOVERNMENT


def write_report(
    builder: Builder, sections: Mapping[str, str], *, year: int | None = None, scope: Reach | None = None
) -> AnnualReport:
    """Open the government's report of a year in its spring and write its sections."""
    year = year or builder.year
    root, people = builder.agencies[GOVERNMENT.slug], builder.people[GOVERNMENT.slug]
    with clock.frozen(min(date(year, 3, 2), builder.demo_date)):
        report = actions.open_report(root, year=year, by=people.clerk, reach=scope)
        for key, text in sections.items():
            actions.write_section(report, key=key, text=text, by=people.clerk)
    return report


def finish_report(builder: Builder, *, year: int, slug: str = GOVERNMENT.slug, publish: bool = True) -> AnnualReport:
    """Explain what is unclear, freeze by two people, and publish, in the January or March after the year."""
    people = builder.people[slug]
    report = AnnualReport.objects.get(agency=builder.agencies[slug], year=year)
    month = 3 if slug == GOVERNMENT.slug else 1
    with clock.frozen(date(year + 1, month, 16)):
        for finding in compile_report(report.agency_id, year, report=report).blocking:
            actions.explain_finding(report, finding=finding.id, text="已核对台账，情况属实。", by=people.clerk)
        actions.propose_freeze(report, by=builder.people[GOVERNMENT.slug].clerk)
    with clock.frozen(date(year + 1, month, 19)):
        actions.confirm_freeze(report, by=people.approver)
    if publish:
        with clock.frozen(date(year + 1, month, 22)):
            report.refresh_from_db()
            publish_report(report, by=builder.people[GOVERNMENT.slug].clerk)
    report.refresh_from_db()
    return report


def january_round(builder: Builder, *, year: int) -> None:
    """Bureaus and towns in every state: accepted, returned with a remark, submitted, frozen, drafting, not begun."""
    lead = builder.people[GOVERNMENT.slug].clerk
    states: Sequence[tuple[str, str]] = (
        ("jiaoyu", "accepted"),
        ("minzheng", "accepted"),
        ("renshe", "accepted"),
        ("zhujian", "returned"),
        ("ziranziyuan", "submitted"),
        ("linhe", "submitted"),
        ("qingshi", "frozen"),
        ("weijian", "drafting"),
    )
    for slug, state in states:
        with clock.frozen(date(year + 1, 1, 11)):
            report = actions.open_report(builder.agencies[slug], year=year, by=builder.people[slug].clerk)
            first = outline_of(actions.form_of(year))[0]
            text = "本单位全年主动公开政府信息 {{records.published.total}} 条，收到申请 {{applications.new.total}} 件。"
            actions.write_section(report, key=first.key, text=text, by=builder.people[slug].clerk)
        if state == "drafting":
            continue
        report = finish_report(builder, year=year, slug=slug, publish=False)
        if state != "frozen":
            _submit(builder, report, slug, state, lead)


def _submit(builder: Builder, report: AnnualReport, slug: str, state: str, lead: object) -> None:
    with clock.frozen(date(report.year + 1, 1, 25)):
        submission: Submission = actions.submit_report(report, by=builder.people[slug].approver)
    with clock.frozen(date(report.year + 1, 1, 28)):
        if state == "accepted":
            actions.accept_submission(submission, by=lead)
        elif state == "returned":
            remark = ("applications.granted.total", "与申请台账相差 1 件，请核对后另出一版。")
            actions.return_submission(submission, remarks=[remark, ("", "请补充存在的主要问题。")], by=lead)


def work_points(builder: Builder, points: Sequence[tuple[str, str]]) -> None:
    """The work points of the year before and what became of them."""
    root, clerk = builder.agencies[GOVERNMENT.slug], builder.people[GOVERNMENT.slug].clerk
    for number, (text, answer) in enumerate(points, start=1):
        with clock.frozen(date(builder.year, 4, 8)):
            point = actions.set_work_point(root, year=builder.year, number=number, text=text, by=clerk)
        if answer:
            with clock.frozen(min(date(builder.year, 10, 20), builder.demo_date)):
                actions.answer_work_point(point, answer=answer, by=clerk)
