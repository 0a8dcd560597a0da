"""Digits that touch are cut only where one way is left."""

from gongkai.core.reading.tables.touching import adding_up, settle, ways_to_cut


def test_a_run_of_single_digits_is_cut_in_one_way():
    assert ways_to_cut(["1000001"], 7) == [("1", "0", "0", "0", "0", "0", "1")]


def test_a_blank_always_separates():
    assert ways_to_cut(["20", "0"], 2) == [("20", "0")]


def test_no_number_begins_with_a_zero():
    assert ways_to_cut(["105"], 2) == [("10", "5")]


def test_a_sign_begins_a_number():
    assert ways_to_cut(["35", "-15"], 2) == [("35", "-15")]


def test_more_ways_than_one_are_all_told():
    assert ways_to_cut(["123"], 2) == [("1", "23"), ("12", "3")]


def test_the_total_chooses_among_the_ways():
    assert adding_up(ways_to_cut(["200", "000121"], 7), 6) == [("20", "0", "0", "0", "0", "1", "21")]


def test_the_columns_choose_among_rows_that_add_up():
    candidates = {"a": [("2", "20"), ("22", "0")], "b": [("1", "0")], "total": [("23", "0")]}
    assert settle(candidates, [(("total",), ("a", "b"))]) == {"a": ("22", "0")}


def test_nothing_is_settled_where_no_choice_or_every_choice_fits():
    candidates = {"a": [("1", "2"), ("2", "1")], "b": [("1", "2"), ("2", "1")], "total": [("3", "3")]}
    assert settle(candidates, [(("total",), ("a", "b"))]) == {}
    assert settle({"a": [("1",), ("2",)], "total": [("9",)]}, [(("total",), ("a",))]) == {}
