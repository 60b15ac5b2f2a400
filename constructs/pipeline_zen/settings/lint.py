"""
What the catalogue has to say about the settings: rules, each with an id and a severity.

An error stops like any other problem. A warning is probably wrong, a notice is worth knowing;
neither stops anything, and both can be ignored by id, with a reason, in the setting `lint`.

A rule finds with a function of the same kind as those in `checks.py`, whose parameters are the
settings it needs, by name. Facts grow old: an error that rests on a fact from more than a year
before `today` is a warning.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from pipeline_zen import catalog, names, provider
from pipeline_zen.settings import checks
from pipeline_zen.settings.model import Capacity, Fleet, Lint, Local
from pipeline_zen.settings.problems import Severity
from pipeline_zen.settings.words import choices, did_you_mean, show

OLD = timedelta(days=365)
"""Facts older than this are doubtful."""

IGNORE = ("lint", "ignore")


class Hit(NamedTuple):
    """What a rule found: at which setting, or its name, what, why, and the day of the facts."""

    loc: tuple[str | int, ...]
    message: str
    why: str = ""
    as_of: date | None = None
    at_key: bool = False


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
    """The hits of every rule whose settings are all among *settings*; none is ignored yet."""
    for rule in RULES:
        for hit in checks.found(rule.find, {**settings, "today": today}):
            severity, why, advice = rule.severity, hit.why, rule.advice
            if "{as_of}" in advice:
                advice = advice.format(as_of=hit.as_of)
            elif hit.as_of:
                why = f"{why.rstrip('.')} (as of {hit.as_of})."
            if severity == "error" and hit.as_of and _is_old(hit.as_of, today):
                severity = "warning"
            hint = f"{why.strip()} {advice}".strip()
            yield Remark(rule.id, severity, hit.loc, hit.message, hint, hit.at_key)


def _is_old(as_of: date, today: date) -> bool:
    return today - as_of > OLD


def _ignores_name_a_rule(lint: Lint) -> Iterator[Hit]:
    for rule_id in lint.ignore:
        if rule_id not in IGNORABLE:
            known = any(rule.id == rule_id for rule in RULES)
            what = "cannot be ignored" if known else "no such rule"
            yield Hit((*IGNORE, rule_id), what, choices(rule_id, sorted(IGNORABLE)), at_key=True)


def _regions_exist(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    known = catalog.regions()
    as_of = max(region.as_of for region in known.values())
    for name, fleet in fleets.items():
        for region in fleet.regions:
            if region not in known:
                message = f"no such region, got {show(region)}"
                why = did_you_mean(region, known) or "There is none like it."
                yield Hit(("fleets", name, "regions", region), message, why, as_of, at_key=True)


def _locations_exist(
    results_buckets: dict[str, str], datasets_location: str, local: Local | None
) -> Iterator[Hit]:
    known = catalog.locations()
    as_of = max(known.values())
    used: list[tuple[tuple[str, ...], str]] = [
        (("results_buckets", suffix), location) for suffix, location in results_buckets.items()
    ]
    used.append((("datasets_location",), datasets_location))
    if local:
        used.append((("local", "location"), local.location))
    for loc, location in used:
        if location not in known:
            why = did_you_mean(location, known) or "There is none like it."
            yield Hit(loc, f"no such bucket location, got {show(location)}", why, as_of)


def _zones_sell(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    for name, region, fleet in _regions_of(fleets):
        loc = ("fleets", name, "regions", region)
        sellers = {
            zone: answer
            for machine_type in _fitting(fleet)
            for zone, answer in catalog.zones_selling(
                machine_type, fleet.accelerator, region
            ).items()
        }
        no = _answers(fleet, region, "no")
        if no and not sellers:
            # One finding for the region: each of its zones would say the same.
            machine_types = ", ".join(sorted({one for _, one, _ in no}))
            elsewhere = _regions_selling(fleet)
            why = f"It is sold in {', '.join(elsewhere)}" if elsewhere else "It is sold nowhere"
            message = f"no zone of {region} sells {machine_types}"
            yield Hit(loc, message, why, no[0][2].as_of, at_key=True)
            continue
        yield from _by_zone(no, fleet, loc, "{zone} does not sell {machines}")


def _zones_are_certain(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    for name, region, fleet in _regions_of(fleets):
        doubtful = _answers(fleet, region, "doubtful")
        loc = ("fleets", name, "regions", region)
        yield from _by_zone(doubtful, fleet, loc, "{zone} may not sell {machines}")


def _by_zone(
    answers: list[tuple[str, str, catalog.Answer]],
    fleet: Fleet,
    loc: tuple[str, ...],
    message: str,
) -> Iterator[Hit]:
    """One hit for each zone, with all its machine types."""
    region = loc[-1]
    for index, letter in enumerate(fleet.regions[region]):
        zone = f"{region}-{letter}"
        mine = [(machine_type, answer) for where, machine_type, answer in answers if where == zone]
        if mine and letter not in fleet.regions[region][:index]:
            machines = ", ".join(machine_type for machine_type, _ in mine)
            answer = mine[0][1]
            text = message.format(zone=zone, machines=machines)
            yield Hit((*loc, index), text, _sentence(answer.reason), answer.as_of)


def _zones_are_used(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    for name, region, fleet in _regions_of(fleets):
        everywhere = [
            catalog.zones_selling(machine_type, fleet.accelerator, region)
            for machine_type in _fitting(fleet)
        ]
        used = {f"{region}-{letter}" for letter in fleet.regions[region]}
        for zone, answer in everywhere[0].items() if everywhere else ():
            # A zone without one of the machine types cannot be listed at all.
            if zone in used or not all(zone in zones for zones in everywhere):
                continue
            loc = ("fleets", name, "regions", region)
            sells = "sells" if answer.verdict == "yes" else "may sell"
            message = f"{zone} {sells} these machines, too, and is not used"
            yield Hit(loc, message, _sentence(answer.reason), answer.as_of, at_key=True)


def _boot_disks_are_certain(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    facts = catalog.load()
    for name, fleet in fleets.items():
        for gpus, machine_type in fleet.machine_types.items():
            known = facts.facts(machine_type, fleet.accelerator, gpus)
            if not known or fleet.boot_disk_type in known.boot_disk_types:
                continue
            if "boot_disk_types" in known.recalled:
                yield Hit(
                    ("fleets", name, "boot_disk_type"),
                    f"{machine_type} may not boot from {fleet.boot_disk_type}",
                    f"It boots from {', '.join(known.boot_disk_types)}, and no source says more",
                    known.as_of,
                )
                break


def _capacity_is_sold(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    yield from _capacities(fleets, "no", "is not sold as")


def _capacity_is_certain(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    yield from _capacities(fleets, "doubtful", "may not be had as")


def _capacities(fleets: dict[str, Fleet], verdict: catalog.Verdict, text: str) -> Iterator[Hit]:
    facts = catalog.load()
    for name, fleet in fleets.items():
        for gpus, machine_type in fleet.machine_types.items():
            capacity = fleet.capacity_of(gpus)
            if not facts.fits(machine_type, fleet.accelerator, gpus):
                continue
            answer = _had_as(machine_type, fleet.accelerator, gpus, capacity)
            if answer and answer.verdict == verdict:
                loc = ("fleets", name, "machine_types", gpus)
                message = f"{machine_type} {text} {capacity}"
                yield Hit(loc, message, _sentence(answer.reason), answer.as_of)


def _had_as(
    machine_type: str, accelerator: str, gpus: int, capacity: Capacity
) -> catalog.Answer | None:
    """Whether a capacity can be had; None for one that cannot be written anyway."""
    if capacity in provider.NEEDED:
        return None
    if capacity == "spot":
        return catalog.sold_as(machine_type, accelerator, gpus, "spot")
    standard = catalog.sold_as(machine_type, accelerator, gpus, "standard")
    if capacity == "standard" or standard.verdict == "yes":
        return standard
    # A reservation is consumed as STANDARD here, and what is not sold as that may want to be
    # asked for as RESERVATION_BOUND.
    bound = catalog.sold_as(machine_type, accelerator, gpus, "reservation-bound")
    if bound.verdict == "no":
        return bound
    needed = provider.NEEDED["reservation-bound"]
    reason = f"it is not sold as standard, and RESERVATION_BOUND needs provider {needed}"
    return catalog.Answer("doubtful", reason, bound.as_of)


def _names_fit_elsewhere(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    for name, fleet in fleets.items():
        longest = max((names.cluster(gpus, name) for gpus in fleet.machine_types), key=len)
        regions = [
            region
            for region in _regions_selling(fleet)
            if region not in fleet.regions
            and len(names.base_instance(longest, region)) > checks.BASE_INSTANCE_LIMIT
        ]
        if regions:
            message = f"the name is too long for {', '.join(regions)}"
            why = (
                f"These sell the machines, and a VM's name has {checks.BASE_INSTANCE_LIMIT} "
                "characters at most."
            )
            yield Hit(("fleets", name), message, why, at_key=True)


def _catalogue_is_fresh(fleets: dict[str, Fleet], today: date) -> Iterator[Hit]:
    days = [
        answer.as_of
        for fleet in fleets.values()
        for machine_type in _fitting(fleet)
        for answer in catalog.zones_selling(machine_type, fleet.accelerator).values()
        if answer.as_of
    ]
    if days and _is_old(min(days), today):
        message = f"what is known of zones is of {min(days)}"
        yield Hit(("fleets",), message, "It may have changed since.", at_key=True)


def _regions_of(fleets: dict[str, Fleet]) -> Iterator[tuple[str, str, Fleet]]:
    """Each fleet's regions, as far as they exist."""
    for name, fleet in fleets.items():
        for region in fleet.regions:
            if region in catalog.regions():
                yield name, region, fleet


def _fitting(fleet: Fleet) -> list[str]:
    """The machine types that have the fleet's GPUs; the others are wrong anyway."""
    facts = catalog.load()
    return [
        machine_type
        for gpus, machine_type in sorted(fleet.machine_types.items())
        if facts.fits(machine_type, fleet.accelerator, gpus)
    ]


def _answers(
    fleet: Fleet, region: str, verdict: catalog.Verdict
) -> list[tuple[str, str, catalog.Answer]]:
    """The fleet's zones in *region* and machine types of which that is the answer."""
    asked = (
        (
            f"{region}-{letter}",
            machine_type,
            catalog.sold_in(machine_type, fleet.accelerator, f"{region}-{letter}"),
        )
        for letter in fleet.regions[region]
        for machine_type in _fitting(fleet)
    )
    return [one for one in asked if one[2].verdict == verdict]


def _regions_selling(fleet: Fleet) -> list[str]:
    """The regions with a zone for each of the fleet's machine types."""
    sets = [
        {zone.rpartition("-")[0] for zone in catalog.zones_selling(one, fleet.accelerator)}
        for one in _fitting(fleet)
    ]
    return sorted(set.intersection(*sets)) if sets else []


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


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
        _regions_exist,
    ),
    Rule(
        "location-unknown",
        "error",
        "A bucket location that does not exist.",
        "Correct it; one that is newer than the catalogue ({as_of}) goes into its locations.csv.",
        _locations_exist,
    ),
    Rule(
        "zone-not-sold",
        "error",
        "A zone that does not sell the machine: its VMs would never start.",
        "Take it out, or bring the catalogue up to date (docs/catalog.md).",
        _zones_sell,
    ),
    Rule(
        "capacity-not-sold",
        "error",
        "A machine that is not sold by the fleet's capacity.",
        "Set capacity, or cluster_capacity for this one, to another.",
        _capacity_is_sold,
    ),
    Rule(
        "ignore-unknown",
        "error",
        "An `ignore` of what is no rule, or cannot be ignored.",
        "",
        _ignores_name_a_rule,
    ),
    Rule(
        "zone-doubtful",
        "warning",
        "A zone that may not sell the machine: lists are silent or disagree.",
        "Look with `gcloud compute machine-types list`, then ignore this or take the zone out.",
        _zones_are_certain,
    ),
    Rule(
        "capacity-doubtful",
        "warning",
        "A machine that may not be sold by the fleet's capacity: no source says.",
        "Try one VM before you rely on it, then ignore this.",
        _capacity_is_certain,
    ),
    Rule(
        "boot-disk-doubtful",
        "warning",
        "A kind of boot disk that the machine may not boot from: no source says.",
        "Set boot_disk_type to one of these, unless you know better.",
        _boot_disks_are_certain,
    ),
    Rule(
        "catalogue-old",
        "warning",
        "The list of zones is older than a year; errors that rest on it are warnings.",
        "Bring the catalogue up to date (docs/catalog.md).",
        _catalogue_is_fresh,
    ),
    IGNORE_UNUSED,
    Rule(
        "zone-unused",
        "notice",
        "A zone that sells the machine in a region in use, and is not used.",
        "To add it replaces the region's groups: do that while they are empty.",
        _zones_are_used,
    ),
    Rule(
        "name-too-long-elsewhere",
        "notice",
        "A fleet whose name is too long for a region that sells its machines.",
        "A shorter name leaves these open; a fleet that is deployed cannot be renamed.",
        _names_fit_elsewhere,
    ),
)

IGNORABLE = [rule.id for rule in RULES if rule.severity != "error" and rule is not IGNORE_UNUSED]
