"""A number is given once, and a series has no gaps."""

import contextlib
import threading

import pytest
from django.db import connection, transaction

from gongkai.base import numbers

WRITERS = 8


class Thrown(Exception):
    """Breaks a transaction off."""


@pytest.mark.django_db
def test_a_series_starts_at_one_and_goes_on():
    assert [numbers.take("示教公开〔2020〕") for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_series_do_not_touch_each_other():
    numbers.take("示教公开〔2020〕")
    assert numbers.take("示教公开〔2021〕") == 1


@pytest.mark.django_db
def test_several_numbers_are_consecutive_and_the_first_is_returned():
    assert [numbers.take("a", 5), numbers.take("a", 2), numbers.take("a")] == [1, 6, 8]


@pytest.mark.django_db
def test_a_number_taken_in_a_transaction_that_is_rolled_back_is_given_again():
    numbers.take("a")
    with contextlib.suppress(Thrown), transaction.atomic():
        numbers.take("a")
        raise Thrown
    assert numbers.take("a") == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_writers_of_whom_some_roll_back_take_each_number_once_without_gaps():
    kept: list[int] = []
    start = threading.Barrier(WRITERS)

    def write(writer: int) -> None:
        try:
            start.wait()
            for turn in range(20):
                try:
                    with transaction.atomic():
                        number = numbers.take("示教公开〔2020〕")
                        if (writer + turn) % 3 == 0:
                            raise Thrown
                    kept.append(number)
                except Thrown:
                    continue
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) > 100
    assert sorted(kept) == list(range(1, len(kept) + 1))
