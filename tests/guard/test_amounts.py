"""Numbers and times that may be unknown: compared for the worse, and said in sentences."""

from typing import Any

import pytest

from pipeline_zen.guard.amounts import (
    at_least,
    count,
    difference,
    many,
    may_be_less,
    period,
    said,
)
from pipeline_zen.plan import UNKNOWN


@pytest.mark.parametrize(
    ("new", "old", "less", "surely_not", "more"),
    [
        (1, 2, True, False, -1),
        (2, 1, False, True, 1),
        (2, 2, False, True, 0),
        (0, 1, True, False, -1),
        (0.5, 1, True, False, 0),
        # What is not said counts as none, where it is asked whether there may be less of it.
        (None, 1, True, False, None),
        (1, None, False, False, None),
        (None, None, False, False, None),
        (None, 0.5, True, False, None),
        (0, None, False, False, None),
        (UNKNOWN, 1, True, False, None),
        (1, UNKNOWN, True, False, None),
        (UNKNOWN, UNKNOWN, True, False, None),
    ],
)
def test_two_numbers(new: Any, old: Any, less: bool, surely_not: bool, more: int | None) -> None:
    """Of what is not known, nobody says that it is no less."""
    assert (less, surely_not, more) == (
        may_be_less(new, old),
        at_least(new, old),
        difference(old, new),
    )


@pytest.mark.parametrize(
    ("number", "counted", "in_words", "things"),
    [
        (0, 0, "0", "0 VMs"),
        (1, 1, "1", "1 VM"),
        (2, 2, "2", "2 VMs"),
        (2.0, 2, "2", "2 VMs"),
        (-1, None, "-1", "-1 VMs"),
        (None, None, "an unknown number", "an unknown number of VMs"),
        (UNKNOWN, None, "an unknown number", "an unknown number of VMs"),
    ],
)
def test_a_number(number: Any, counted: int | None, in_words: str, things: str) -> None:
    """What is not known is no number of things, and least of all none."""
    assert (counted, in_words, things) == (count(number), said(number), many(number, "VM"))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 seconds"),
        (86_399, "86399 seconds"),
        (86_400, "1 day"),
        (129_600, "1.5 days"),
        (172_800, "2 days"),
        (None, "a time that is not known"),
        (UNKNOWN, "a time that is not known"),
    ],
)
def test_a_time(seconds: Any, told: str) -> None:
    """It is told in days from the first one on."""
    assert told == period(seconds)
