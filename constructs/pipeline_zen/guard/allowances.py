"""
`config/allow.yaml`: what a plan may do although the guard would block it.

    prod:
      - finding: subscription-deleted
        address: google_pubsub_subscription.pipeline-zen-jobs-start-runner-8xv100
        reason: nobody has 8 V100 any more, and the queue is empty
        until: 2026-12-01

An address may have `*` in its name, never in its type.
"""

import datetime
import re
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline_zen.guard.findings import RULES, Finding
from pipeline_zen.settings.document import Entry, Reader
from pipeline_zen.settings.load import CONFIG, environments
from pipeline_zen.settings.problems import Place
from pipeline_zen.settings.words import choices, show

ALLOW = f"{CONFIG}/allow.yaml"

LONGEST = 90
"""Days that an allowance may be ahead; what is longer is no exception any more."""

_KEYS = ("address", "finding", "reason", "until")
_ADDRESS = re.compile(r"[a-z][a-z0-9_]*\.[\w*-]+(\[.+\])?")


@dataclass(frozen=True)
class Allowance:
    """Lets one kind of finding pass on one address, or several of a pattern, until a day."""

    finding: str
    address: str
    reason: str
    until: datetime.date
    """The last day that it holds."""
    place: Place

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this finding."""
        pattern = self.address.replace("[", "[[]")
        return self.finding == finding.rule and fnmatchcase(finding.address, pattern)


def allowances(root: Path, environment: str, today: datetime.date) -> list[Allowance]:
    """
    What `config/allow.yaml` below *root* says of an environment; nothing where there is none.

    Raises SettingsError with all that is wrong with it.
    """
    if not (root / ALLOW).exists():
        return []
    reader = Reader(root)
    document = reader.read(ALLOW)
    known = environments(root)
    found = []
    for name, entries in document.children.items() if document else ():
        if name not in known:
            hint = choices(str(name), known)
            reader.problem(entries.key_place, (name,), "no such environment", hint)
        elif entries.kind != "sequence" and (entries.kind, entries.value) != ("scalar", None):
            hint = "Write each allowance as `- finding: …` with the other three below it."
            reader.problem(entries.key_place, (name,), "must be a list", hint)
        else:
            for index, entry in entries.children.items():
                one = _allowance(entry, (str(name), index), reader, today)
                if one and name == environment:
                    found.append(one)
    reader.stop()
    return found


def _allowance(
    entry: Entry, path: tuple[str | int, ...], reader: Reader, today: datetime.date
) -> Allowance | None:
    before = len(reader.problems)
    if entry.kind != "mapping":
        reader.problem(entry.place, path, "must be a mapping", f"It has {', '.join(_KEYS)}.")
        return None
    for key, child in entry.children.items():
        if key not in _KEYS:
            reader.problem(child.key_place, (*path, key), "unknown", choices(str(key), _KEYS))
    for key in _KEYS:
        if key not in entry.children:
            reader.problem(entry.place, (*path, key), "missing", _HINTS[key])
    values = {key: child.value for key, child in entry.children.items()}

    def wrong(key: str, message: str, hint: str = "") -> None:
        reader.problem(entry.children[key].place, (*path, key), message, hint or _HINTS[key])

    allowable = sorted(rule for rule in RULES if RULES[rule].blocks and RULES[rule].allowable)
    finding = values.get("finding")
    if "finding" in values and finding not in allowable:
        near = get_close_matches(str(finding), allowable, n=1)
        hint = f'Did you mean "{near[0]}"? ' if near else ""
        wrong("finding", f"got {show(finding)}", f"{hint}{_HINTS['finding']}")
    address = values.get("address")
    if "address" in values and not (isinstance(address, str) and _ADDRESS.fullmatch(address)):
        wrong("address", f"got {show(address)}")
    reason = values.get("reason")
    if "reason" in values and not (isinstance(reason, str) and len(reason.split()) > 1):
        wrong("reason", f"got {show(reason)}")
    until = values.get("until")
    if "until" in values:
        if not isinstance(until, datetime.date) or isinstance(until, datetime.datetime):
            wrong("until", f"got {show(until)}")
        elif until > today + datetime.timedelta(days=LONGEST):
            wrong("until", f"is more than {LONGEST} days away", "Name an earlier day.")
    if len(reader.problems) > before or not isinstance(until, datetime.date):
        return None
    return Allowance(str(finding), str(address), str(reason), until, entry.place)


_HINTS = {
    "address": (
        "Name the resource as the plan does, type.name; the name may have `*` in it, not the type."
    ),
    "finding": "Name the finding as the report does, such as group-deleted.",
    "reason": "Say in a sentence why this may happen.",
    "until": "Name the last day that it holds, such as 2026-12-31.",
}
