"""
What Google has to say about the settings: rules, each with an id and a severity.

An error stops like any other problem. A warning is probably wrong, a notice is worth knowing;
neither stops anything, and both can be ignored by id, with a reason, in the setting `lint`.

What a rule looks for is a function in `finders.py`, of the same kind as those in `checks.py`. Facts
grow old: an error that rests on a fact from more than a year before `today` is a warning, and can
be ignored then. What rests on no dated fact, as the limits on names, does not grow old.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from pipeline_zen.settings import checks, finders
from pipeline_zen.settings.finders import Hit
from pipeline_zen.settings.model import Lint
from pipeline_zen.settings.problems import Severity
from pipeline_zen.settings.words import choices

IGNORE = ("lint", "ignore")

_NO_EFFECT = "That `lint` ignores this has no effect while it is an error."


@dataclass(frozen=True)
class Rule:
    """A rule: what it looks for, how bad that is, and what to do about it."""

    id: str
    severity: Severity
    meaning: str
    advice: str
    find: Callable[..., Iterator[Hit]]


class Remark(NamedTuple):
    """A hit of a rule, with the severity that it has today."""

    rule: str
    severity: Severity
    loc: tuple[str | int, ...]
    message: str
    hint: str
    at_key: bool


def run(settings: Mapping[str, Any], today: date) -> Iterator[Remark]:
    """
    The hits of every rule whose settings are all among *settings*; none is left out yet.

    What is an error today, and would be ignored, says that it is not.
    """
    ignored = settings["lint"].ignore if "lint" in settings else ()
    for rule in RULES:
        for hit in checks.found(rule.find, {**settings, "today": today}):
            severity, why, advice = rule.severity, hit.why, rule.advice
            if "{as_of}" in advice:
                advice = advice.format(as_of=hit.as_of)
            elif hit.as_of:
                why = f"{why.rstrip('.')} (as of {hit.as_of})."
            if severity == "error" and hit.as_of and finders.is_old(hit.as_of, today):
                severity = "warning"
            hint = f"{why.strip()} {advice}".strip()
            if severity == "error" and rule.id in ignored and rule.id in IGNORABLE:
                hint = f"{hint} {_NO_EFFECT}"
            yield Remark(rule.id, severity, hit.loc, hit.message, hint, hit.at_key)


def _ignores_name_a_rule(lint: Lint) -> Iterator[Hit]:
    for rule_id in lint.ignore:
        if rule_id not in IGNORABLE:
            known = any(rule.id == rule_id for rule in RULES)
            what = "cannot be ignored" if known else "no such rule"
            yield Hit((*IGNORE, rule_id), what, choices(rule_id, sorted(IGNORABLE)), at_key=True)


IGNORE_UNUSED = Rule(
    "ignore-unused",
    "warning",
    "An `ignore` whose rule finds nothing.",
    "Take it out.",
    # Only known when all else has been found: `load.py` looks for it.
    lambda: iter(()),
)

RULES: tuple[Rule, ...] = (
    Rule(
        "region-unknown",
        "error",
        "A region that does not exist.",
        "Correct it; one that is newer than the catalogue ({as_of}) goes into its regions.csv.",
        finders.regions_exist,
    ),
    Rule(
        "accelerator-unknown",
        "error",
        "A GPU that Google does not have.",
        "Correct it, or bring the catalogue ({as_of}) up to date (docs/catalog.md).",
        finders.accelerators_exist,
    ),
    Rule(
        "machine-unknown",
        "error",
        "A machine type that does not exist, or cannot have GPUs.",
        "Correct it, or bring the catalogue ({as_of}) up to date (docs/catalog.md).",
        finders.machine_types_exist,
    ),
    Rule(
        "machine-misfit",
        "error",
        "A machine type that cannot have that many of these GPUs.",
        "Set one that fits.",
        finders.machine_types_fit,
    ),
    Rule(
        "boot-disk-misfit",
        "error",
        "A kind of boot disk that the machine does not boot from.",
        "Set boot_disk_type to one of them.",
        finders.boot_disks_fit,
    ),
    Rule(
        "name-too-long",
        "error",
        "A fleet or bucket whose names would be longer than Google allows. This does not age.",
        "Shorten the name.",
        finders.names_fit,
    ),
    Rule(
        "zone-not-sold",
        "error",
        "A zone that does not sell the machine: its VMs would never start.",
        "Take it out, or bring the catalogue up to date (docs/catalog.md).",
        finders.zones_sell,
    ),
    Rule(
        "capacity-not-sold",
        "error",
        "A machine that is not sold by the fleet's capacity.",
        "Set capacity, or cluster_capacity for this one, to another.",
        finders.capacity_is_sold,
    ),
    Rule(
        "ignore-unknown",
        "error",
        "An `ignore` of what is no rule, or is about ignoring.",
        "Correct it, or take it out.",
        _ignores_name_a_rule,
    ),
    Rule(
        "location-unknown",
        "warning",
        "A bucket location that is not known, by a list from memory.",
        "Correct it; the list is from memory, so what Google has besides goes into locations.csv.",
        finders.locations_exist,
    ),
    Rule(
        "machine-doubtful",
        "warning",
        "A machine that may not start: sources disagree, or it needs what is not set up here.",
        "Try one VM before you rely on it, then ignore this.",
        finders.machine_types_are_certain,
    ),
    Rule(
        "zone-doubtful",
        "warning",
        "A zone that may not sell the machine: lists are silent or disagree.",
        "Look with `gcloud compute machine-types list`, then ignore this or take the zone out.",
        finders.zones_are_certain,
    ),
    Rule(
        "capacity-doubtful",
        "warning",
        "A machine that may not be sold by the fleet's capacity: no source says.",
        "Try one VM before you rely on it, then ignore this.",
        finders.capacity_is_certain,
    ),
    Rule(
        "boot-disk-doubtful",
        "warning",
        "A kind of boot disk that the machine may not boot from: no source says.",
        "Set boot_disk_type to one of these, unless you know better.",
        finders.boot_disks_are_certain,
    ),
    Rule(
        "catalogue-old",
        "warning",
        "The list of zones is older than a year; errors that rest on it are warnings.",
        "Bring the catalogue up to date (docs/catalog.md).",
        finders.catalogue_is_fresh,
    ),
    IGNORE_UNUSED,
    Rule(
        "zone-unused",
        "notice",
        "A zone that sells the machine in a region in use, and is not used.",
        "To add it replaces the region's groups: do that while they are empty.",
        finders.zones_are_used,
    ),
    Rule(
        "region-unused",
        "notice",
        "Regions that surely sell all machines of the fleet, and are not in it.",
        "To add one replaces nothing; it needs a results bucket of its part of the world.",
        finders.regions_are_used,
    ),
    Rule(
        "name-too-long-elsewhere",
        "notice",
        "A fleet whose name is too long for a region that sells its machines.",
        "A shorter name leaves these open; a fleet that is deployed cannot be renamed.",
        finders.names_fit_elsewhere,
    ),
)

IGNORABLE = [rule.id for rule in RULES if rule.id not in ("ignore-unknown", IGNORE_UNUSED.id)]
"""The rules that can be ignored. One that is an error has no use for it until its facts are old."""
