"""
What the rules of `lint.py` look for: a function each, for those about what Google has to say.

Each says in its docstring what is to be, and yields what is not. Its parameters are the settings
that it needs, by name, and `today`.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pipeline_zen import catalog, names
from pipeline_zen import versions as provider
from pipeline_zen.settings.model import Capacity, Fleet, Local
from pipeline_zen.settings.words import choices, did_you_mean, show

_OLD = timedelta(days=365)
"""Facts older than this are doubtful."""

VM_NAME_LIMIT = 63
"""Of a VM, a group, a template and a disk device (RFC 1035)."""

BASE_INSTANCE_LIMIT = 58
"""Of a group's base instance name: Google adds a dash and four characters."""

BUCKET_LIMIT = 63
"""Of a bucket without dots in its name."""

_DIGEST = "0" * 8
_A_MACHINE_TYPE = "It must be one with GPUs or an N1, such as a2-highgpu-1g or n1-highmem-8."


class Hit(NamedTuple):
    """What a rule found: at which setting, or its name, what, why, and the day of the facts."""

    loc: tuple[str | int, ...]
    message: str
    why: str = ""
    as_of: date | None = None
    at_key: bool = False


def is_old(as_of: date, today: date) -> bool:
    """Whether a fact of that day is doubtful by now."""
    return today - as_of > _OLD


def accelerators_exist(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """Google has such a GPU."""
    facts = catalog.load()
    known = facts.accelerators()
    for name, fleet in fleets.items():
        if fleet.accelerator not in known:
            loc = ("fleets", name, "accelerator")
            message = f"no such accelerator, got {show(fleet.accelerator)}"
            yield Hit(loc, message, choices(fleet.accelerator, known), facts.as_of())


def machine_types_exist(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """Google has such a machine type, and GPUs can be in it."""
    facts = catalog.load()
    for loc, machine_type, accelerator, _ in _machines(fleets):
        if not facts.knows(machine_type):
            offers = _offers(accelerator) or _A_MACHINE_TYPE
            why = did_you_mean(machine_type, facts.all_machine_types()) + offers
            message = f"no such machine type with GPUs, got {show(machine_type)}"
            yield Hit(loc, message, why, facts.as_of())


def machine_types_fit(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """It has that many of these GPUs."""
    facts = catalog.load()
    for loc, machine_type, accelerator, gpus in _machines(fleets):
        if facts.knows(machine_type) and accelerator in facts.accelerators():
            misfit = facts.misfit(machine_type, accelerator, gpus)
            if misfit:
                message = f"{show(machine_type)} does not go with {gpus} {accelerator}"
                yield Hit(loc, message, f"{misfit.reason}. {_offers(accelerator)}", misfit.as_of)


def machine_types_are_certain(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """No source doubts that it does, and it needs nothing that is not set up here."""
    facts = catalog.load()
    for loc, machine_type, accelerator, gpus in _machines(fleets):
        if facts.fits(machine_type, accelerator, gpus):
            doubt = facts.doubt(machine_type, accelerator, gpus)
            if doubt:
                message = f"{machine_type} with {gpus} {accelerator} may not start"
                yield Hit(loc, message, _sentence(doubt.reason), doubt.as_of)


def _machines(
    fleets: dict[str, Fleet],
) -> Iterator[tuple[tuple[str | int, ...], str, str, int]]:
    """Each machine type with its place, its accelerator and its number of GPUs."""
    for name, fleet in fleets.items():
        for gpus, machine_type in fleet.machine_types.items():
            loc = ("fleets", name, "machine_types", gpus)
            yield loc, machine_type, fleet.accelerator, gpus


def _offers(accelerator: str) -> str:
    offers = catalog.load().offers(accelerator)
    return f"{accelerator} is in {offers}." if offers else ""


def names_fit(
    environment: str, version: str, fleets: dict[str, Fleet], results_buckets: dict[str, str]
) -> Iterator[Hit]:
    """No name made of these settings is longer than Google allows."""
    for suffix in results_buckets:
        bucket = names.results_bucket(environment, suffix)
        if len(bucket) > BUCKET_LIMIT:
            yield _too_long(("results_buckets", suffix), bucket, BUCKET_LIMIT)
    for name, fleet in fleets.items():
        # One finding a fleet is enough: its longest name has the same cause as the others.
        candidates: list[tuple[int, tuple[str | int, ...], str, int]] = []
        for gpus in fleet.machine_types:
            cluster = names.cluster(gpus, name)
            release = fleet.image_version_of(gpus, version)
            # A boot disk's has the same limit and is always shorter.
            text = names.template(cluster, release, _DIGEST)
            over = len(text) - VM_NAME_LIMIT
            candidates.append((over, ("fleets", name), text, VM_NAME_LIMIT))
            for region in fleet.regions:
                text = names.base_instance(cluster, region)
                over = len(text) - BASE_INSTANCE_LIMIT
                at_region = ("fleets", name, "regions", region)
                candidates.append((over, at_region, text, BASE_INSTANCE_LIMIT))
        over, loc, text, limit = max(candidates, key=lambda candidate: candidate[0])
        if over > 0:
            yield _too_long(loc, text, limit)


def _too_long(loc: tuple[str | int, ...], text: str, limit: int) -> Hit:
    message = f"{text} would have {len(text)} characters, and Google allows {limit}"
    return Hit(loc, message, f"That is {len(text) - limit} too many.")


def regions_exist(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """Google has such a region."""
    known = catalog.regions()
    # As old as the list as a whole: a row that was added later says nothing about other regions.
    as_of = min(region.as_of for region in known.values())
    for name, fleet in fleets.items():
        for region in fleet.regions:
            if region not in known:
                message = f"no such region, got {show(region)}"
                why = did_you_mean(region, known) or "There is none like it."
                yield Hit(("fleets", name, "regions", region), message, why, as_of, at_key=True)


def locations_exist(
    results_buckets: dict[str, str], datasets_location: str, local: Local | None
) -> Iterator[Hit]:
    """A bucket can be there."""
    known = catalog.locations()
    used: list[tuple[tuple[str, ...], str]] = [
        (("results_buckets", suffix), location) for suffix, location in results_buckets.items()
    ]
    used.append((("datasets_location",), datasets_location))
    if local:
        used.append((("local", "location"), local.location))
    for loc, location in used:
        if location not in known:
            why = did_you_mean(location, known) or "There is none like it."
            yield Hit(loc, f"no bucket location that is known, got {show(location)}", why)


def zones_sell(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """The zone sells the machine."""
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
            yield Hit(loc, message, why, _oldest(answer for _, _, answer in no), at_key=True)
            continue
        for index, zone, machines, reason, as_of in _by_zone(no, fleet, region):
            message = f"{zone} does not sell {machines}"
            yield Hit((*loc, index), message, reason, as_of)


def zones_are_certain(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """No list is silent about that, or says otherwise."""
    for name, region, fleet in _regions_of(fleets):
        found = list(_by_zone(_answers(fleet, region, "doubtful"), fleet, region))
        loc: tuple[str | int, ...] = ("fleets", name, "regions", region)
        while found:
            # One finding for all zones of the region of which the same is to be said.
            index, _, machines, reason, as_of = found[0]
            alike = [one for one in found if one[2:] == found[0][2:]]
            found = [one for one in found if one not in alike]
            zones = ", ".join(zone for _, zone, *_ in alike)
            yield Hit((*loc, index), f"{zones} may not sell {machines}", reason, as_of)


def _by_zone(
    answers: list[tuple[str, str, catalog.Answer]], fleet: Fleet, region: str
) -> Iterator[tuple[int, str, str, str, date | None]]:
    """For each zone its place in the list, its name, all its machine types, why, and the day."""
    for index, letter in enumerate(fleet.regions[region]):
        zone = f"{region}-{letter}"
        mine = [(machine_type, answer) for where, machine_type, answer in answers if where == zone]
        if mine and letter not in fleet.regions[region][:index]:
            machines = ", ".join(machine_type for machine_type, _ in mine)
            as_of = _oldest(answer for _, answer in mine)
            yield index, zone, machines, _sentence(mine[0][1].reason), as_of


def _oldest(answers: Iterable[catalog.Answer]) -> date | None:
    return min((answer.as_of for answer in answers if answer.as_of), default=None)


def zones_are_used(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """No zone of a region in use sells the machines as well."""
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


def regions_are_used(fleets: dict[str, Fleet], results_buckets: dict[str, str]) -> Iterator[Hit]:
    """No region that is not in use surely sells all machines of the fleet."""
    for name, fleet in fleets.items():
        selling = [catalog.zones_selling(one, fleet.accelerator) for one in _fitting(fleet)]
        with_bucket: dict[str, list[str]] = {}
        without: dict[str, list[str]] = {}
        for zone in selling[0] if selling else ():
            region, _, letter = zone.rpartition("-")
            sure = all(zone in zones and zones[zone].verdict == "yes" for zones in selling)
            if sure and region not in fleet.regions:
                has_bucket = names.results_suffix(region) in results_buckets
                (with_bucket if has_bucket else without).setdefault(region, []).append(letter)
        told = {
            "There is a results bucket for": with_bucket,
            "Their part of the world needs one first:": without,
        }
        why = " ".join(
            f"{what} {_with_letters(regions)}." for what, regions in told.items() if regions
        )
        if why:
            count = len(with_bucket) + len(without)
            more = "1 more region sells" if count == 1 else f"{count} more regions sell"
            as_of = _oldest(answer for zones in selling for answer in zones.values())
            yield Hit(
                ("fleets", name, "regions"), f"{more} these machines", why, as_of, at_key=True
            )


def _with_letters(regions: dict[str, list[str]]) -> str:
    return ", ".join(f"{region} ({' '.join(letters)})" for region, letters in regions.items())


def boot_disks_fit(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """The machine boots from that kind of disk."""
    # What is only recalled is no error: there is a warning for it.
    for loc, machine_type, disk, facts in _boot_disks(fleets, recalled=False):
        yield Hit(
            loc, f"{machine_type} does not boot from {disk}", f"{_boots_from(facts)}.", facts.as_of
        )


def boot_disks_are_certain(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """A source says so."""
    for loc, machine_type, disk, facts in _boot_disks(fleets, recalled=True):
        message = f"{machine_type} may not boot from {disk}"
        yield Hit(loc, message, f"{_boots_from(facts)}, and no source says more", facts.as_of)


def _boot_disks(
    fleets: dict[str, Fleet], *, recalled: bool
) -> Iterator[tuple[tuple[str, ...], str, str, catalog.MachineType | catalog.N1Gpus]]:
    """The first machine type of each fleet that does not boot from its disk, as far as is known."""
    for name, fleet in fleets.items():
        for gpus, machine_type in fleet.machine_types.items():
            facts = catalog.load().facts(machine_type, fleet.accelerator, gpus)
            if (
                facts
                and fleet.boot_disk_type not in facts.boot_disk_types
                and recalled == ("boot_disk_types" in facts.recalled)
            ):
                yield ("fleets", name, "boot_disk_type"), machine_type, fleet.boot_disk_type, facts
                break


def _boots_from(facts: catalog.MachineType | catalog.N1Gpus) -> str:
    return f"It boots from {', '.join(facts.boot_disk_types)}"


def capacity_is_sold(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """The machine is sold by the fleet's capacity."""
    yield from _capacities(fleets, "no", "is not sold as")


def capacity_is_certain(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """A source says so."""
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
    if capacity == "standard" or standard.verdict != "no":
        return standard
    # A reservation is consumed as STANDARD here, and what is not sold as that may want to be
    # asked for as RESERVATION_BOUND.
    needed = provider.NEEDED["reservation-bound"]
    reason = f"it is not sold as standard, and RESERVATION_BOUND needs provider {needed}"
    return catalog.Answer("doubtful", reason, standard.as_of)


def names_fit_elsewhere(fleets: dict[str, Fleet]) -> Iterator[Hit]:
    """The fleet's name leaves every region open that sells its machines."""
    for name, fleet in fleets.items():
        longest = max((names.cluster(gpus, name) for gpus in fleet.machine_types), key=len)
        regions = [
            region
            for region in _regions_selling(fleet)
            if region not in fleet.regions
            and len(names.base_instance(longest, region)) > BASE_INSTANCE_LIMIT
        ]
        if regions:
            message = f"the name is too long for {', '.join(regions)}"
            why = (
                f"These sell the machines, and a VM's name has {BASE_INSTANCE_LIMIT} "
                "characters at most."
            )
            yield Hit(("fleets", name), message, why, at_key=True)


def catalogue_is_fresh(fleets: dict[str, Fleet], today: date) -> Iterator[Hit]:
    """The lists of zones that these fleets rest on are younger than a year."""
    days = [
        answer.as_of
        for fleet in fleets.values()
        for machine_type in _fitting(fleet)
        for answer in catalog.zones_selling(machine_type, fleet.accelerator).values()
        if answer.as_of
    ]
    if days and is_old(min(days), today):
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
