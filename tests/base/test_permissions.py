"""A permission is a verb on an object of an agency, by a role there or above."""

from datetime import date

import pytest

from gongkai.base import permissions
from gongkai.base.clock import frozen
from gongkai.base.errors import NotAllowed


@pytest.fixture(autouse=True)
def _day_and_verb(monkeypatch):
    monkeypatch.setattr(permissions, "_verbs", {})
    permissions.declare("tests.write", "试写", {permissions.CLERK, permissions.APPROVER})
    with frozen(date(2020, 11, 2)):
        yield


def test_a_role_above_is_a_role_below(office_clerk, bureau):
    assert permissions.may(office_clerk, "tests.write", bureau)


def test_a_role_below_is_none_above(bureau_clerk, government):
    assert not permissions.may(bureau_clerk, "tests.write", government)


def test_a_role_next_door_is_none_here(bureau_clerk, town):
    assert not permissions.may(bureau_clerk, "tests.write", town)


def test_an_administrator_holds_no_business_verb(administrator, bureau):
    assert not permissions.may_somewhere(administrator, "tests.write")


def test_a_refusal_names_the_verb_and_who_could(bureau_clerk, town):
    with pytest.raises(NotAllowed, match="您没有“试写”的权限，需要本单位或上级单位的“经办、审批”角色。"):
        permissions.require(bureau_clerk, "tests.write", town)


def test_a_verb_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        permissions.declare("tests.write", "试写", {permissions.CLERK})
