"""A naive clock, one day after the other, by another author's hand as it were: it shares no code with the product.

It knows the working days from the package chinesecalendar, and in years that the package does not know every weekday.
It answers the state, limit, whether that is provisional, and the days used, left and late, for possible histories.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

ONE_DAY = timedelta(days=1)
NEW_TEXT = date(2019, 5, 15)


def works(day):
    return chinese_calendar.is_workday(day) if 2008 <= day.year <= 2026 else day.weekday() < 5


@dataclass
class Asked:
    """A letter that is out: working days remaining once it has been received, None where the law sets no term."""

    since: date
    runs_from: date
    remaining: int | None


@dataclass
class NaiveClock:
    """One application from receipt on, moved day by day."""

    events: list
    as_of: date
    counted: list = field(default_factory=list)
    days: dict = field(default_factory=dict)
    out: dict = field(default_factory=dict)
    owed: dict = field(default_factory=dict)
    asked_with_silence: set = field(default_factory=set)
    term: int = 0
    until: date | None = None
    closed: date | None = None

    def run(self):
        received = next(event["on"] for event in self.events if event["event"] == "received")
        self.old = received < NEW_TEXT
        self.term = 15 if self.old else 20
        day, snapshot = received, None
        self.happen(day)
        while True:
            if snapshot is None and day == (self.closed or self.as_of):
                snapshot = self.look(day)
                if self.old:
                    self.out.clear()  # open to the day of looking, and no longer
                if snapshot["state"] in ("waiting_for_applicant", "lapsed"):
                    return snapshot
                if snapshot["state"] == "closed" and self.owed and not self.old and self.limit() is None:
                    return snapshot
            if snapshot is not None and self.limit():
                return self.finish(snapshot, received)
            day += ONE_DAY
            self.pass_day(day)
            if self.closed is None and day <= self.as_of:
                self.happen(day)

    def pass_day(self, day):
        standing = (self.owed and not self.old) or any(asked.since < day for asked in self.out.values())
        self.days[day] = works(day) and not standing
        if self.days[day]:
            self.counted.append(day)
        if works(day):
            for key, asked in list(self.out.items()):
                if asked.remaining is not None and day > asked.runs_from:
                    asked.remaining -= 1
                    if asked.remaining == 0:
                        del self.out[key]

    def limit(self):
        if len(self.counted) < self.term:
            return None
        return max(self.counted[self.term - 1], self.until or date.min)

    def in_time(self, day):
        return self.limit() is None or self.limit() >= day

    def happen(self, day):
        for event in self.events:
            if event["on"] == day and self.closed is None:
                self.one(day, event["event"], event)

    def one(self, day, kind, event):
        if kind.endswith("_asked") and kind != "clarification_asked":
            of = kind.removesuffix("_asked")
            if self.old and of == "agency":
                return
            key = of, event.get("party", "1")
            got = [e["on"] for e in self.events if e["event"] == f"{of}_received" and e.get("party", "1") == key[1]]
            got = [on for on in got if on <= self.as_of]
            self.out[key] = Asked(day, got[0] if got else day, None if self.old else 15)
        elif kind in ("third_party_answered", "agency_answered"):
            self.out.pop((kind.removesuffix("_answered"), event.get("party", "1")), None)
        elif kind == "clarification_asked":
            self.owed["clarification"] = event.get("until")
        elif kind == "fee_notified":
            last, left = day, 20
            while left:
                last += ONE_DAY
                left -= works(last)
            self.owed["fee"] = last
        elif kind in ("clarification_received", "fee_paid"):
            del self.owed[kind.split("_")[0]]
            if not self.old:
                self.counted.clear()
        elif kind == "extended" and self.in_time(day):
            self.term += event.get("days", 15 if self.old else 20)
        elif kind == "delayed" and not self.old and self.in_time(day):
            self.until = max(self.until or event["until"], event["until"])
        elif kind in ("replied", "withdrawn"):
            self.closed = day

    def look(self, day):
        over = [] if self.old else [what for what, until in self.owed.items() if until and day > until]
        # Nobody knows the last day of a fee in an unannounced year: the application is not held abandoned on a guess.
        doubtful = [what for what in over if what == "fee" and self.owed[what].year > 2026]
        lapsed = len(over) > len(doubtful)
        if self.closed:
            state = "closed"
        elif lapsed:
            state = "lapsed"
        elif self.owed:
            state = "waiting_for_applicant"
        else:
            state = "paused" if self.out else "running"
        open_end = self.old and bool(self.out) and not self.closed
        limit = self.limit()
        return {
            "state": state,
            "due_on": None,
            "provisional": (open_end and limit is None and state == "paused")
            or (bool(doubtful) and state == "waiting_for_applicant"),
            "used": len(self.counted),
            "left": None,
            "late_by": 0,
            "seen": day,
        }

    def finish(self, snapshot, received):
        seen = snapshot.pop("seen")
        due = self.limit()
        while max(self.days, default=received) < max(due, seen):
            self.pass_day(max(self.days, default=received) + ONE_DAY)
        first_year = (received + ONE_DAY).year
        base = self.counted[self.term - 1]
        return snapshot | {
            "due_on": due,
            "provisional": snapshot["provisional"] or not (first_year >= 2008 and base.year <= 2026),
            "left": sum(1 for on in self.counted if seen < on <= due),
            "late_by": sum(works(due + timedelta(days=n)) for n in range(1, max(0, (seen - due).days) + 1)),
        }


def random_history(chance: random.Random):
    """A possible history of an application, of any length, and a day of looking not before its last event."""
    first, last = (date(2008, 5, 1), date(2019, 5, 14)) if chance.random() < 0.4 else (NEW_TEXT, date(2026, 12, 31))
    received = first + timedelta(days=chance.randrange((last - first).days + 1))
    old = received < NEW_TEXT
    day = received
    events = [{"on": received, "event": "received"}]
    open_questions, owed, used = [], [], set()
    for _ in range(chance.choice((0, 1, 2, 3, 4, 6, 9))):
        day += timedelta(days=chance.choice((0, 1, 1, 2, 3, 4, 6, 9, 14, 25)))
        events.append({"on": day, **_next_event(chance, day, old, open_questions, owed, used)})
    if chance.random() < 0.4:
        day += timedelta(days=chance.choice((0, 1, 2, 5, 10, 20)))
        events.append({"on": day, "event": chance.choice(("replied", "replied", "withdrawn"))})
    return events, day + timedelta(days=chance.choice((0, 0, 1, 3, 10, 30, 70)))


def _next_event(chance, day, old, open_questions, owed, used):
    choices = ["third_party_asked", "agency_asked", "fee_notified", "delayed"]
    choices += [kind for kind in ("extended", "clarification_asked") if kind not in used]
    choices += ["answer"] * 3 * bool(open_questions) + ["met"] * 3 * bool(owed)
    kind = chance.choice(choices)
    if kind == "fee_notified" and "fee_paid" in owed:
        kind = "met"
    used.add(kind)
    if kind == "answer":
        of, party = open_questions.pop(chance.randrange(len(open_questions)))
        return {"event": f"{of}_answered", "party": party}
    if kind == "met":
        return {"event": owed.pop(chance.randrange(len(owed)))}
    if kind in ("third_party_asked", "agency_asked"):
        used.add(party := f"{len(used)}")
        open_questions.append((kind.removesuffix("_asked"), party))
        return {"event": kind, "party": party}
    if kind == "clarification_asked":
        owed.append("clarification_received")
        return {
            "event": kind,
            **({"until": day + timedelta(days=chance.randrange(40))} if chance.random() < 0.6 else {}),
        }
    if kind == "fee_notified":
        owed.append("fee_paid")
    if kind == "delayed":
        return {"event": kind, "until": day + timedelta(days=chance.randrange(60))}
    if kind == "extended" and chance.random() < 0.5:
        return {"event": kind, "days": chance.randint(1, 15 if old else 20)}
    return {"event": kind}


def with_letters_received(chance: random.Random, events, as_of):
    """The same history with some letters received a few days after they went out, before they were answered."""
    more = list(events)
    closed = next((e["on"] for e in events if e["event"] in ("replied", "withdrawn")), as_of)
    for asked in events:
        of, _, what = asked["event"].rpartition("_")
        if what != "asked" or of == "clarification" or chance.random() < 0.5:
            continue
        on = asked["on"] + timedelta(days=chance.randrange(8))
        answered = [e["on"] for e in events if e["event"] == f"{of}_answered" and e["party"] == asked["party"]]
        if on < min([*answered, closed]):
            more.append({"on": on, "event": f"{of}_received", "party": asked["party"]})
    return sorted(more, key=lambda event: event["on"])
