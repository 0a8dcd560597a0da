"""Building a demo world: agencies, people, and a year of work, all through the actions that the screens call.

The clock stands at the day on which each thing was done, so the journal reads like the journal of that year.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from itertools import groupby
from random import Random

from django.core.management import call_command
from django.db import connection, transaction

from gongkai.base import clock
from gongkai.base.models import Installation, JournalLine
from gongkai.base.permissions import APPROVER, CLERK, DISCLOSURE_OFFICE, REVIEWER
from gongkai.core.law.applicants import is_organization
from gongkai.ledgers.agencies.actions import (
    AgencyRow,
    StaffRow,
    create_agencies,
    create_staff_members,
    found_installation,
    set_office_setting,
)
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.normative import actions as normative
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import PublicationEntry, RecordEntry
from gongkai.ledgers.records.models import Category, Outlet, Record
from gongkai.ledgers.remedies import actions as remedies
from gongkai.ledgers.returns import actions as returns
from gongkai.site.installing import ensure_secret_key
from gongkai.site.worlds import World
from gongkai.site.worlds.district import (
    DESCRIPTIONS,
    GOVERNMENT,
    IDENTITY,
    PASSWORD,
    RECORD_TITLES,
    SUBJECTS,
    SURNAMES,
    TOPICS,
    Place,
)
from gongkai.site.worlds.district import (
    DISCLOSURE_OFFICE as OFFICE_PLACE,
)
from gongkai.site.worlds.passwords import quick_hashing
from gongkai.site.worlds.planning import PlannedApplication, PlannedRecord, PlannedRemedy, shared

SINCE = date(2008, 5, 1)
CHANNEL_OUTLETS = {
    "gazette": "示范区人民政府公报",
    "website": "示范区政府门户网站",
    "weibo": "示范区发布（微博）",
    "wechat": "示范区发布（微信）",
    "other_channel": "政务公开栏",
}


def build(world: World, *, fresh: bool) -> int:
    """Build the world in the configured database unless it is there already; refuse a database that is not ours."""
    call_command("migrate", interactive=False, verbosity=0)
    ensure_secret_key()
    there = Installation.objects.filter(pk=1).first()
    if there is not None and there.kind == "demo" and there.world == world.name and not fresh:
        return 0
    if there is not None or JournalLine.objects.exists() or Agency.objects.exists():
        sys.stderr.write("数据库里已有不是这个演示世界的数据，不在这里建。请换一个空的数据库或者 --data 文件夹。\n")
        return 2
    sys.stderr.write(f"正在建演示世界 {world.name} …\n")
    module = import_module(f"gongkai.site.worlds.{world.module}")
    year, demo_date = module.year_and_date() if world.demo_date is None else (world.year, world.demo_date)
    with transaction.atomic(), quick_hashing():
        Installation.objects.create(pk=1, kind="demo", demo_date=demo_date, world=world.name, created_at=clock.now())
        clock.forget_demo_date()
        module.build(Builder(world, year=year, demo_date=demo_date))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return 0


@dataclass(slots=True)
class People:
    """Those who work in one agency: who enters, who signs."""

    clerk: Staff
    approver: Staff


@dataclass(slots=True)
class Builder:
    """Makes a world through the actions. Random but seeded by the name of the world."""

    world: World
    year: int
    demo_date: date
    random: Random = field(init=False)
    agencies: dict[str, Agency] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    people: dict[str, People] = field(default_factory=dict)
    outlets: dict[str, Outlet] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    since_year: int = 0
    """The first year of work; the district is entered in the December before it."""

    def __post_init__(self) -> None:
        self.random = Random(self.world.name)  # noqa: S311 - synthetic data
        self.since_year = self.since_year or self.year

    # ---- who

    def found(
        self, places: Sequence[Place], *, quiet_offices: Sequence[Place] = (), outside: Sequence[str] = ()
    ) -> None:
        """The government, its disclosure office, the other agencies and the people in them.

        `quiet_offices` are internal offices that do not report for themselves; `outside` the slugs of agencies that work
        outside the system.
        """
        with clock.frozen(date(self.since_year - 1, 12, 1)):
            founded = found_installation(
                slug=GOVERNMENT.slug,
                code=GOVERNMENT.code,
                name=GOVERNMENT.name,
                document_prefix=GOVERNMENT.prefix,
                valid_from=SINCE,
                username="guanli",
                administrator="关管理",
                password=PASSWORD,
                must_change_password=False,
            )
            root, administrator = founded.agency, founded.administrator
            self.agencies[GOVERNMENT.slug], self.places[GOVERNMENT.slug] = root, GOVERNMENT
            inside = [OFFICE_PLACE, *quiet_offices]
            made = create_agencies(
                [
                    self._agency_row(place, reports=place not in inside, outside=place.slug in outside)
                    for place in (*inside, *places)
                ]
            )
            for agency, place in zip(made, (*inside, *places), strict=True):
                self.agencies[place.slug], self.places[place.slug] = agency, place
            accounts = create_staff_members(self._staff_rows(places, quiet_offices), by=administrator)
        by_name = {account.staff.username: account.staff for account in accounts}
        for slug in self.agencies:
            clerk, approver = (
                ("shen", "gu") if slug in (GOVERNMENT.slug, OFFICE_PLACE.slug) else (f"{slug}1", f"{slug}2")
            )
            self.people[slug] = People(by_name[clerk], by_name[approver])
        self._say_who_we_are()
        self._open_outlets()

    def _agency_row(self, place: Place, *, reports: bool, outside: bool) -> AgencyRow:
        return AgencyRow(
            slug=place.slug,
            code=place.code,
            name=place.name,
            short_name=place.name.removeprefix("示范区人民政府").removeprefix("示范"),
            kind=place.kind,
            valid_from=SINCE,
            parent=GOVERNMENT.slug,
            document_prefix=place.prefix,
            reports_for_itself=reports,
            works_outside=outside,
        )

    def _staff_rows(self, places: Sequence[Place], quiet_offices: Sequence[Place]) -> list[StaffRow]:
        def row(username: str, name: str, agency: str, *roles: str) -> StaffRow:
            return StaffRow(username, name, agency, roles, PASSWORD, must_change_password=False, valid_from=SINCE)

        root = GOVERNMENT.slug
        rows = [
            row("shen", "沈科员", root, CLERK, DISCLOSURE_OFFICE),
            row("gu", "顾主任", root, APPROVER),
            row("xu", "许审查", root, REVIEWER),
        ]
        for index, place in enumerate((*places, *quiet_offices)):
            clerk, approver = SURNAMES[(2 * index + 3) % len(SURNAMES)], SURNAMES[(2 * index + 4) % len(SURNAMES)]
            head = "镇长" if place.kind == "town" else "局长" if place.kind == "department" else "主任"
            rows += [
                row(f"{place.slug}1", f"{clerk}科员", place.slug, CLERK),
                row(f"{place.slug}2", f"{approver}{head}", place.slug, APPROVER),
            ]
        return rows

    def _say_who_we_are(self) -> None:
        day = date(self.since_year - 1, 12, 2)
        with clock.frozen(day):
            for key, value in IDENTITY.items():
                set_office_setting(
                    self.agencies[GOVERNMENT.slug],
                    key=key,
                    value=value,
                    valid_from=day,
                    reason="演示用的虚构信息",
                    by=self.people[GOVERNMENT.slug].clerk,
                )

    def _open_outlets(self) -> None:
        root = self.agencies[GOVERNMENT.slug]
        with clock.frozen(date(self.since_year - 1, 12, 2)):
            for channel, name in CHANNEL_OUTLETS.items():
                self.outlets[channel] = records.open_outlet(
                    root, name=name, channel=channel, is_portal=channel == "website", by=self.people[root.slug].clerk
                )

    def category(self, code: str, name: str) -> Category:
        """The category of a topic, made when missing."""
        if code not in self.categories:
            root = self.agencies[GOVERNMENT.slug]
            with clock.frozen(date(self.since_year - 1, 12, 3)):
                self.categories[code] = records.create_category(
                    root, code=code, name=name, by=self.people[root.slug].clerk
                )
        return self.categories[code]

    def of_kind(self, *kinds: str) -> list[str]:
        """Slugs of the agencies of these kinds, in the order of the list."""
        return [slug for slug, place in self.places.items() if place.kind in kinds]

    # ---- what happened

    def publish(self, slugs: Sequence[str], planned: Iterable[PlannedRecord]) -> list[Record]:
        """Register and publish planned records, shared out over agencies, a quarter at a time by each agency's clerk."""
        by_agency: dict[str, list[PlannedRecord]] = {slug: [] for slug in slugs}
        plan = list(planned)
        counts = shared(len(plan), len(slugs), self.random)
        queue = iter(sorted(plan, key=lambda _: self.random.random()))
        for slug, count in zip(slugs, counts, strict=True):
            by_agency[slug] = sorted((next(queue) for _ in range(count)), key=lambda p: p.published_on)
        made: list[Record] = []
        for slug, mine in by_agency.items():
            for _, group in groupby(mine, key=self._batch):
                made += self._publish_group(slug, list(group))
        return made

    def _batch(self, planned: PlannedRecord) -> tuple[int, int]:
        """Quarter by quarter since the first year of work; what is older was taken over from the old system at once."""
        day = planned.published_on
        return (day.year, (day.month + 2) // 3) if day.year >= self.since_year else (0, 0)

    def amount(self, value: int) -> Decimal:
        """A count as the figure of a return."""
        return Decimal(value)

    def _publish_group(self, slug: str, planned: Sequence[PlannedRecord]) -> list[Record]:
        clerk = self.people[slug].clerk
        with clock.frozen(max(p.published_on for p in planned)):
            made = records.register_records([self._entry(slug, p) for p in planned], by=clerk)
            publications = [
                PublicationEntry(record, self.outlets[channel], p.published_on)
                for record, p in zip(made, planned, strict=True)
                for channel in p.channels
            ]
            records.publish_many(publications, by=clerk)
        return made

    def _entry(self, slug: str, planned: PlannedRecord) -> RecordEntry:
        place = self.places[slug].name
        category = self.categories.get(planned.topic)
        topic = category.name if category else self.random.choice(TOPICS)
        title = self.random.choice(RECORD_TITLES).format(
            place=place, topic=topic, year=planned.issued_on.year, number=self.random.randrange(1, 60)
        )
        return RecordEntry(
            agency=self.agencies[slug],
            title=title,
            issued_on=planned.issued_on,
            category=category,
            body=f"{title}。\n\n本条为演示用的合成内容。",
            is_government_information=planned.government_information,
        )

    def normative_documents(
        self,
        slugs: Sequence[str],
        planned: Iterable[PlannedRecord],
        *,
        kind: str = "normative_document",
        validity: int = 5,
    ) -> None:
        """Issue normative documents, each published on its own day."""
        for number, plan in enumerate(sorted(planned, key=lambda p: p.published_on), start=1):
            slug = slugs[number % len(slugs)]
            place, clerk = self.places[slug], self.people[slug].clerk
            topic = TOPICS[number % len(TOPICS)]
            entry = RecordEntry(
                agency=self.agencies[slug],
                title=f"{place.name}关于印发《{topic}管理办法》的通知",
                issued_on=plan.issued_on,
                document_number=f"{place.prefix}规〔{plan.issued_on.year}〕{number}号",
                body=f"为规范{topic}工作，制定本办法。\n\n本条为演示用的合成内容。",
            )
            with clock.frozen(plan.published_on):
                document = normative.register_normative(
                    entry,
                    kind=kind,
                    in_force_on=plan.published_on,
                    valid_until=date(plan.published_on.year + validity, 12, 31),
                    by=clerk,
                )
                for channel in plan.channels:
                    records.publish_record(document.record, self.outlets[channel], on=plan.published_on, by=clerk)

    def receive_and_close(self, slugs: Sequence[str], planned: Sequence[PlannedApplication]) -> list[Application]:
        """Receive each application on its day and close it on its day, by the clerks of the agencies."""
        made: list[tuple[PlannedApplication, Application, str]] = []
        events = sorted(
            [(plan.received_on, 0, index) for index, plan in enumerate(planned)]
            + [(plan.closed_on, 1, index) for index, plan in enumerate(planned) if plan.closed_on is not None]
        )
        received: dict[int, tuple[Application, str]] = {}
        for day, step, index in events:
            plan = planned[index]
            with clock.frozen(day):
                if step == 0:
                    slug = slugs[index % len(slugs)]
                    received[index] = (self._receive(slug, plan, index), slug)
                else:
                    application, slug = received[index]
                    applications.close_application(
                        application,
                        on=day,
                        outcome=plan.outcome,
                        reply_number=f"{self.places[slug].prefix}依复〔{day.year}〕{index + 1}号",
                        by=self.people[slug].clerk,
                    )
        made += [(planned[index], application, slug) for index, (application, slug) in received.items()]
        return [application for _, application, _ in made]

    def _receive(self, slug: str, plan: PlannedApplication, index: int) -> Application:
        subject = SUBJECTS[index % len(SUBJECTS)]
        name = f"演示申请单位{index + 1}" if is_organization(plan.applicant_kind) else f"演示申请人{index + 1}"
        town = self.random.choice(("临河片区", "东门片区", "青石片区", "南湖片区"))
        return applications.register_application(
            self.agencies[slug],
            by=self.people[slug].clerk,
            received_on=plan.received_on,
            channel=plan.channel,
            applicant_kind=plan.applicant_kind,
            applicants=[name],
            description=DESCRIPTIONS[subject].format(place=town),
            subject=subject,
            handler=self.people[slug].clerk,
        )

    def cases(self, slugs: Sequence[str], planned: Sequence[PlannedRemedy]) -> None:
        """Reconsiderations and suits, opened and decided on their days."""
        for index, plan in enumerate(planned):
            slug = slugs[index % len(slugs)]
            clerk = self.people[slug].clerk
            organ = "示范市人民政府" if plan.kind == "reconsideration" else "示范市中级人民法院"
            with clock.frozen(plan.opened_on):
                remedy = remedies.open_remedy(
                    self.agencies[slug],
                    kind=plan.kind,
                    opened_on=plan.opened_on,
                    organ=organ,
                    handler=clerk,
                    note="此前的复议在本系统启用之前。" if plan.kind == "suit_after_reconsideration" else "",
                    by=clerk,
                )
            if plan.decided_on is not None:
                with clock.frozen(plan.decided_on):
                    remedies.decide_remedy(remedy, on=plan.decided_on, result=plan.result, by=clerk)

    def file(
        self,
        figures: Mapping[str, Decimal | int],
        slugs: Sequence[str],
        *,
        split: int = 1,
        note: str = "业务系统年度导出",
        year: int | None = None,
        in_addition: str = "",
    ) -> None:
        """File and confirm returns for the year in its January after: each figure shared over `split` agencies."""
        year = year or self.year
        filed = min(date(year + 1, 1, 8), self.demo_date)
        for number, (indicator, value) in enumerate(figures.items()):
            whole = Decimal(value)
            parts = self._parts(whole, split)
            for offset, part in enumerate(parts):
                slug = slugs[(number + offset) % len(slugs)]
                people = self.people[slug]
                filing = returns.Filing(
                    agency=self.agencies[slug],
                    indicator=indicator,
                    period_from=date(year, 1, 1),
                    period_to=date(year, 12, 31),
                    value=part,
                    evidence_note=note,
                    in_addition=bool(in_addition),
                    reason=in_addition,
                )
                with clock.frozen(filed):
                    row = returns.file_return(filing, by=people.clerk)
                with clock.frozen(min(filed + timedelta(days=2), self.demo_date)):
                    returns.confirm_return(row, by=people.approver)

    def _parts(self, value: Decimal, split: int) -> list[Decimal]:
        """A figure cut for several agencies, to the last digit it has."""
        if split == 1 or value == 0:
            return [value]
        scale = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
        sign = -1 if value < 0 else 1
        return [sign * part * scale for part in shared(int(abs(value) / scale), split, self.random)]
