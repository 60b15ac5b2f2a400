"""Numbers and times that may be unknown: compared for the worse, and said in sentences."""

from pipeline_zen.plan import Unknown

_DAY = 86_400
"""Seconds."""


def count(number: float | Unknown | None) -> int | None:
    """A number of things; None where it is not known."""
    return int(number) if isinstance(number, int | float) and number >= 0 else None


def period(seconds: float | Unknown | None) -> str:
    """A time in words, in days where it is as long as that."""
    if seconds is None or isinstance(seconds, Unknown):
        return "a time that is not known"
    if seconds < _DAY:
        return f"{seconds:g} seconds"
    days = seconds / _DAY
    return "1 day" if days == 1 else f"{days:g} days"


def may_be_less(new: float | Unknown | None, old: float | Unknown | None) -> bool:
    """Whether it is less, or may be."""
    if isinstance(old, Unknown) or isinstance(new, Unknown):
        return True
    return (new or 0) < (old or 0)


def at_least(new: float | Unknown | None, old: float | Unknown | None) -> bool:
    """Whether it is surely no less."""
    return isinstance(new, int | float) and isinstance(old, int | float) and new >= old


def difference(old: float | Unknown | None, new: float | Unknown | None) -> int | None:
    """How much more it is; None where that is not known."""
    both = isinstance(old, int | float) and isinstance(new, int | float)
    return int(new - old) if both else None  # type: ignore[operator]


def said(number: float | Unknown | None) -> str:
    """A number in a sentence."""
    return f"{number:g}" if isinstance(number, int | float) else "an unknown number"


def many(number: float | Unknown | None, noun: str) -> str:
    """So many of something: `1 VM`, `2 VMs`."""
    if isinstance(number, int | float):
        return f"{number:g} {noun}{'' if number == 1 else 's'}"
    return f"an unknown number of {noun}s"
