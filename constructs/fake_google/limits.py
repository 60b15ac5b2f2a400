"""Limits that are the same for many things: labels, durations, ids of projects."""

import re
import unicodedata

from fake_google.errors import invalid
from fake_google.wire import Json

_LABELS = 64
_LENGTH = 63
_PROJECT = re.compile(r"[a-z]([a-z0-9-]{4,28}[a-z0-9])|([a-z0-9.-]+:)[a-z][a-z0-9-]+")
_NUMBER = re.compile(r"[0-9]{6,}")
_DURATION = re.compile(r"([0-9]{1,12})(\.[0-9]{1,9})?s")


def check_labels(labels: Json | None) -> None:
    """Raise ApiError for labels that are too many, too long, or of other letters."""
    if labels and len(labels) > _LABELS:
        raise invalid(f"A resource has at most {_LABELS} labels; there are {len(labels)}.")
    for key, value in (labels or {}).items():
        if not (_is_label(key) and key and (key[0].islower() or _category(key[0]) == "Lo")):
            raise invalid(
                f"Invalid label key '{key}': at most {_LENGTH} small letters, digits, `_` and `-`, "
                "of which the first is a letter."
            )
        if value is not None and not _is_label(value):
            raise invalid(
                f"Invalid label value '{value}' of '{key}': at most {_LENGTH} small letters, "
                "digits, `_` and `-`."
            )


def _is_label(text: str) -> bool:
    return len(text) <= _LENGTH and all(
        letter in "-_" or _category(letter) in ("Ll", "Lo", "Nd") for letter in text
    )


def _category(letter: str) -> str:
    return unicodedata.category(letter)


def seconds(text: str, field: str) -> float:
    """A duration such as `3.5s`. Raises ApiError where it is none."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise invalid(f"Invalid value at '{field}': '{text}' is not a duration, as `600s` is one.")
    return float(text[:-1])


def check_duration(text: str | None, field: str, least: float, most: float) -> None:
    """Raise ApiError for a duration that is not from *least* to *most* seconds."""
    if text and not least <= seconds(text, field) <= most:
        raise invalid(
            f"Invalid value at '{field}': {text} is not from {least:.12g}s to {most:.12g}s."
        )


def is_project(project: str) -> bool:
    """Whether *project* can be the id or the number of one."""
    return bool(_PROJECT.fullmatch(project) or _NUMBER.fullmatch(project))
