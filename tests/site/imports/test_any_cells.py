"""Whatever stands in the cells: each row is judged, nothing breaks, nothing is written by checking; what passes imports."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.base.errors import RuleBroken
from gongkai.base.models import JournalLine
from gongkai.site.imports import LEDGERS
from gongkai.site.imports.running import check_sheet, import_checked
from gongkai.site.imports.sheets import Sheet, read_sheet
from tests.conftest import SOAK
from tests.site.imports.conftest import AGENCY, APPLICATION, RECORD, REMEDY, RETURN, STAFF

WORDS = [
    "是",
    "否",
    "、",
    "；、",
    "2020-02-30",
    "2020年1月31日",
    "0",
    "-1",
    "1e400",
    "NaN",
    "#N/A",
    "示例",
    "jiaoyu",
    "示范区教育局",
]
cells = st.one_of(
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.text(st.characters(max_codepoint=0x20), max_size=3),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["", None, time(9, 30), timedelta(1), date.min, date.max, datetime(9999, 12, 31), "字" * 5000]),
)
ROWS = {
    "records": RECORD,
    "applications": APPLICATION,
    "remedies": REMEDY,
    "returns": RETURN,
    "agencies": AGENCY,
    "staff": STAFF,
}


@pytest.mark.django_db
@pytest.mark.parametrize("code", ROWS)
@settings(max_examples=60 * SOAK, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_cells_are_judged_and_only_what_passes_is_imported(
    code, data, office_clerk, administrator, bureau, outlets
):
    user = administrator if code in ("agencies", "staff") else office_clerk
    columns = LEDGERS[code].columns
    lines = []
    for _ in range(data.draw(st.integers(1, 3))):
        spoiled = data.draw(st.sets(st.sampled_from([column.key for column in columns]), max_size=3))
        lines.append([data.draw(cells) if c.key in spoiled else ROWS[code].get(c.key, "") for c in columns])
    sheet = Sheet("x", [[column.heading for column in columns], *lines], frozenset(), frozenset())
    before = JournalLine.objects.count()
    try:
        checked = check_sheet(LEDGERS[code], sheet, user, sha256="")
    except RuleBroken:
        return  # no row at all: every line was marked as an example, or empty
    assert JournalLine.objects.count() == before
    assert read_sheet(checked.returned()).rows[0][-1] == "错误"
    if checked.bad:
        assert all(str(fault) for _, fault in checked.faults())
        return
    with transaction.atomic():
        import_checked(checked)
        again = check_sheet(LEDGERS[code], sheet, type(user).objects.get(pk=user.pk), sha256="")
        assert (again.bad, again.new) == ([], [])
        transaction.set_rollback(True)
