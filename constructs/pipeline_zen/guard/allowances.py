"""
`config/allow.yaml`: what a plan may do although the guard would block it.

    prod:
      - finding: subscription-deleted
        address: google_pubsub_subscription.pipeline-zen-jobs-start-runner-8xv100
        seen: 5f0c2a91
        reason: nobody has 8 V100 any more, and the queue is empty
        until: 2026-12-01

What was *seen* is a short digest of the findings that it lets pass, as the report proposes it:
what else comes to the same address, or is set to something else, is another matter.

An address may have `*` in the name of the resource, and nowhere else: not in its type, not in the
module, not in the key that `count` or `for_each` adds, where it stands for itself. Beside it there
is a word, so that it never stands for all of a type.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline_zen.guard.rules import RULES, Finding
from pipeline_zen.masking import MASKED
from pipeline_zen.settings import (
    ALLOW,
    Entry,
    Key,
    Place,
    Problem,
    Reader,
    choices,
    did_you_mean,
    environments,
    is_there,
    show,
)

LONGEST = 90
"""Days that an allowance may be ahead; what is longer is no exception any more."""

_KEYS = ("address", "finding", "reason", "seen", "until")
_INDEX = r'(?:\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\])?'
_ADDRESS = (
    rf"(?P<modules>(?:module\.[\w-]+{_INDEX}\.)*)"
    rf"(?!module\.|data\.)(?P<type>[a-z][a-z0-9_]*)\.(?P<name>NAME)(?P<index>{_INDEX})"
)
ADDRESS = re.compile(_ADDRESS.replace("NAME", r"\**[\w-][\w*-]*"))
MEANT = re.compile(_ADDRESS.replace("NAME", r"[\w-]+|(?=[\w*-]*[A-Za-z0-9]{3})[\w*-]+"))
"""An address of something in particular: beside a star there is a word, of three characters."""

_DIGITS = 8
SEEN = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Allowance:
    """Lets one kind of finding pass on one address, or several of a pattern, until a day."""

    finding: str
    address: str
    reason: str
    until: datetime.date
    """The last day that it holds."""
    place: Place
    seen: str
    """The digest of what it lets pass."""

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this finding."""
        return self.finding == finding.rule and matches(self.address, finding.address)


def digest(findings: Iterable[Finding]) -> str:
    """What stands for findings of one rule: where they are, and what the attributes become."""
    content = sorted(json.dumps([one.rule, one.address, one.seen]) for one in findings)
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:_DIGITS]


def is_meant(pattern: str) -> bool:
    """Whether an address may stand in an allowance: it is no pattern that any name may fit."""
    return MASKED not in pattern and MEANT.fullmatch(pattern) is not None


def matches(pattern: str, address: str) -> bool:
    """Whether an address, or all that another pattern stands for, is among what *pattern* means."""
    if MASKED in pattern:
        # Several things may look like that.
        return False
    wanted, got = ADDRESS.fullmatch(pattern), ADDRESS.fullmatch(address)
    if not wanted or not got:
        return pattern == address
    # No index, no dot: a name has neither.
    name = ".*".join(map(re.escape, wanted["name"].split("*")))
    return bool(re.fullmatch(name, got["name"])) and all(
        wanted[part] == got[part] for part in ("modules", "type", "index")
    )


def allowances(root: Path, environment: str, today: datetime.date) -> list[Allowance]:
    """
    What `config/allow.yaml` below *root* says of an environment; nothing where there is none.

    Raises SettingsError with all that is wrong with it.
    """
    if not is_there(root / ALLOW):
        return []
    reader = Reader(root)
    document = reader.read(ALLOW)
    known = environments(root)
    found: list[Allowance] = []
    for name, entries in document.children.items() if document else ():
        if name not in known:
            hint = choices(str(name), known)
            reader.problem(entries.key_place, (name,), "no such environment", hint)
        elif entries.kind != "sequence" and (entries.kind, entries.value) != ("scalar", None):
            hint = "Write each allowance as `- finding: …` with the other three below it."
            reader.problem(entries.key_place, (name,), "must be a list", hint)
        else:
            read = [
                (index, one)
                for index, entry in entries.children.items()
                if (one := _allowance(entry, (str(name), index), reader, today))
            ]
            _refuse_covered(str(name), read, reader)
            if name == environment:
                found = [one for _, one in read]
    reader.stop()
    return found


def run_out(root: Path, chosen: Iterable[str], today: datetime.date) -> list[Problem]:
    """
    Warnings of allowances of the *chosen* environments whose last day is over.

    Raises SettingsError as `allowances` does.
    """
    return [
        Problem(
            allowance.place,
            environment,
            f"the allowance for {allowance.finding} of {allowance.address} is over "
            f"since {allowance.until}, and blocks every plan",
            "Take it out, or give it a new date if it is still meant.",
            severity="warning",
            rule="allowance-expired",
        )
        for environment in chosen
        for allowance in allowances(root, environment, today)
        if allowance.until < today
    ]


def _refuse_covered(name: str, read: list[tuple[Key, Allowance]], reader: Reader) -> None:
    """Of two that let the same pass one would be unused, and outlive its change."""
    for index, one in read:
        for at, other in read:
            same = one.address == other.address
            if (
                at != index
                and one.finding == other.finding
                and matches(other.address, one.address)
                and not (same and one.place < other.place)
            ):
                message = f"lets pass what the one in line {other.place.line} does already"
                reader.problem(one.place, (name, index), message, "Keep one of the two.")
                break


def _allowance(
    entry: Entry, path: tuple[str | int, ...], reader: Reader, today: datetime.date
) -> Allowance | None:
    before = len(reader.problems)
    if entry.kind != "mapping":
        reader.problem(entry.place, path, "must be a mapping", f"It has {', '.join(_KEYS)}.")
        return None
    _refuse_keys(entry, path, reader)
    # What cannot be read at all is noted by then.
    values = {
        str(key): child.plain()
        for key, child in entry.children.items()
        if (*path, key) not in reader.unread
    }
    for key, value in values.items():
        wrong = _TESTS[key](value, today) if key in _TESTS else None
        if wrong:
            message, hint = wrong
            reader.problem(entry.children[key].place, (*path, key), message, hint or HINTS[key])
    if len(reader.problems) > before or not values.keys() >= set(_KEYS):
        return None
    finding, address, reason, seen = (
        str(values[key]) for key in ("finding", "address", "reason", "seen")
    )
    return Allowance(finding, address, reason, _day(values["until"]), entry.place, seen)


def _refuse_keys(entry: Entry, path: tuple[str | int, ...], reader: Reader) -> None:
    """What is there and may not be, and what is missing."""
    for key, child in entry.children.items():
        if key not in _KEYS:
            reader.problem(child.key_place, (*path, key), "unknown", choices(str(key), _KEYS))
    for key in _KEYS:
        if key not in entry.children:
            reader.problem(entry.place, (*path, key), "missing", HINTS[key])


_Wrong = tuple[str, str] | None
"""What is wrong with a value, and what to do, where it is not what is always to do."""


def _finding(value: Any, _today: datetime.date) -> _Wrong:
    hint = _why_not(value)
    return (f"got {show(value)}", hint) if hint else None


def _address(value: Any, _today: datetime.date) -> _Wrong:
    sound = isinstance(value, str) and is_meant(value)
    return None if sound else (f"got {show(value)}", "")


def _reason(value: Any, _today: datetime.date) -> _Wrong:
    words = re.findall(r"[^\W_]+", value) if isinstance(value, str) else []
    return None if len(words) > 1 else (f"got {show(value)}", "")


def _seen(value: Any, _today: datetime.date) -> _Wrong:
    sound = isinstance(value, str) and SEEN.fullmatch(value)
    return None if sound else (f"got {show(value)}", "")


def _until(value: Any, today: datetime.date) -> _Wrong:
    try:
        far = _day(value) > today + datetime.timedelta(days=LONGEST)
    except ValueError as error:
        return str(error), ""
    return (f"is more than {LONGEST} days away", "Name an earlier day.") if far else None


_TESTS: dict[str, Callable[[Any, datetime.date], _Wrong]] = {
    "finding": _finding,
    "address": _address,
    "reason": _reason,
    "seen": _seen,
    "until": _until,
}


def _day(value: Any) -> datetime.date:
    """The day; raises ValueError with what is wrong with it."""
    if isinstance(value, str) and DAY.fullmatch(value):
        # In quotes it is text to YAML.
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"no such date: {value}") from None
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    raise ValueError(f"got {show(value)}")


def _why_not(finding: Any) -> str:
    """Why this cannot be allowed, and what to do instead; empty where it can."""
    rule = RULES.get(finding) if isinstance(finding, str) else None
    if rule is None:
        allowable = [name for name in RULES if RULES[name].blocks and RULES[name].allowable]
        return f"{did_you_mean(str(finding), allowable)}{HINTS['finding']}"
    if not rule.blocks:
        return "It never blocks, so it needs no allowance: remove this one."
    return "" if rule.allowable else f"It can never be allowed. {rule.todo}"


HINTS = {
    "address": (
        "Name one resource as the plan does, type.name, behind its module if it is in one; only "
        "its name may have `*` in it, beside what is common to all that are meant: a word of three "
        "letters or more."
    ),
    "finding": "Name the finding as the report does, such as group-deleted.",
    "reason": "Say in a sentence, of two words at least, why this may happen.",
    "seen": "Write what the report proposes, eight digits or letters between quotes.",
    "until": "Name the last day that it holds, such as 2026-12-31.",
}
