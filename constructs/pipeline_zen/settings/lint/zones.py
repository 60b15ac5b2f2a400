"""Rules on zones: that they sell the machines, and how old the lists are that say so."""

from collections.abc import Iterator
from datetime import date

from pipeline_zen import catalog
from pipeline_zen.settings.lint.rule import is_old, rule
from pipeline_zen.settings.lint.sales import fitting, oldest, regions_selling
from pipeline_zen.settings.lint.wording import sentence
from pipeline_zen.settings.model import Fleet
from pipeline_zen.settings.problems import Defect


@rule(
    "zone-not-sold",
    "error",
    "A zone that does not sell the machine: its VMs would never start.",
    "Take it out, or bring the catalogue up to date (docs/catalog.md).",
)
def zones_sell(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """The zone sells the machine."""
    for name, region, fleet in _regions_of(fleets):
        loc = ("fleets", name, "regions", region)
        sellers = {
            zone: answer
            for machine_type in fitting(fleet)
            for zone, answer in catalog.zones_selling(
                machine_type, fleet.accelerator, region
            ).items()
        }
        no = _answers(fleet, region, "no")
        if no and not sellers:
            # One defect for the region: each of its zones would say the same.
            machine_types = ", ".join(sorted({machine_type for _, machine_type, _ in no}))
            elsewhere = regions_selling(fleet)
            why = f"It is sold in {', '.join(elsewhere)}" if elsewhere else "It is sold nowhere"
            message = f"no zone of {region} sells {machine_types}"
            yield Defect(loc, message, why, oldest(answer for _, _, answer in no), at_key=True)
            continue
        for index, zone, machines, reason, as_of in _by_zone(no, fleet, region):
            message = f"{zone} does not sell {machines}"
            yield Defect((*loc, index), message, reason, as_of)


@rule(
    "zone-doubtful",
    "warning",
    "A zone that may not sell the machine: lists are silent or disagree.",
    "Look with `gcloud compute machine-types list`, then ignore this or take the zone out.",
)
def zones_are_certain(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """No list is silent about that, or says otherwise."""
    for name, region, fleet in _regions_of(fleets):
        doubts = list(_by_zone(_answers(fleet, region, "doubtful"), fleet, region))
        while doubts:
            # One defect for all zones of the region of which the same is to be said.
            index, _, machines, reason, as_of = doubts[0]
            alike = [doubt for doubt in doubts if doubt[2:] == doubts[0][2:]]
            doubts = [doubt for doubt in doubts if doubt not in alike]
            zones = ", ".join(zone for _, zone, *_ in alike)
            loc = ("fleets", name, "regions", region, index)
            yield Defect(loc, f"{zones} may not sell {machines}", reason, as_of)


@rule(
    "zone-unused",
    "notice",
    "A zone that sells the machine in a region in use, and is not used.",
    "To add it replaces the region's groups: do that while they are empty.",
)
def zones_are_used(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """No zone of a region in use sells the machines as well."""
    for name, region, fleet in _regions_of(fleets):
        everywhere = [
            catalog.zones_selling(machine_type, fleet.accelerator, region)
            for machine_type in fitting(fleet)
        ]
        used = {f"{region}-{letter}" for letter in fleet.regions[region]}
        for zone, answer in everywhere[0].items() if everywhere else ():
            # A zone without one of the machine types cannot be listed at all.
            if zone in used or not all(zone in zones for zones in everywhere):
                continue
            loc = ("fleets", name, "regions", region)
            sells = "sells" if answer.verdict == "yes" else "may sell"
            message = f"{zone} {sells} these machines, too, and is not used"
            yield Defect(loc, message, sentence(answer.reason), answer.as_of, at_key=True)


@rule(
    "catalogue-old",
    "warning",
    "The list of zones is older than a year; errors that rest on it are warnings.",
    "Bring the catalogue up to date (docs/catalog.md).",
)
def catalogue_is_fresh(fleets: dict[str, Fleet], today: date) -> Iterator[Defect]:
    """The lists of zones that these fleets rest on are younger than a year."""
    days = [
        answer.as_of
        for fleet in fleets.values()
        for machine_type in fitting(fleet)
        for answer in catalog.zones_selling(machine_type, fleet.accelerator).values()
        if answer.as_of
    ]
    if days and is_old(min(days), today):
        message = f"what is known of zones is of {min(days)}"
        yield Defect(("fleets",), message, "It may have changed since.", at_key=True)


def _regions_of(fleets: dict[str, Fleet]) -> Iterator[tuple[str, str, Fleet]]:
    """Each fleet's regions, as far as they exist."""
    for name, fleet in fleets.items():
        for region in fleet.regions:
            if region in catalog.regions():
                yield name, region, fleet


def _answers(
    fleet: Fleet, region: str, verdict: catalog.Verdict
) -> list[tuple[str, str, catalog.Answer]]:
    """The fleet's zones in *region* and machine types of which that is the answer."""
    answers = (
        (
            f"{region}-{letter}",
            machine_type,
            catalog.sold_in(machine_type, fleet.accelerator, f"{region}-{letter}"),
        )
        for letter in fleet.regions[region]
        for machine_type in fitting(fleet)
    )
    return [answer for answer in answers if answer[2].verdict == verdict]


def _by_zone(
    answers: list[tuple[str, str, catalog.Answer]], fleet: Fleet, region: str
) -> Iterator[tuple[int, str, str, str, date | None]]:
    """For each zone its place in the list, its name, all its machine types, why, and the day."""
    for index, letter in enumerate(fleet.regions[region]):
        zone = f"{region}-{letter}"
        mine = [(machine_type, answer) for where, machine_type, answer in answers if where == zone]
        if mine and letter not in fleet.regions[region][:index]:
            machines = ", ".join(machine_type for machine_type, _ in mine)
            as_of = oldest(answer for _, answer in mine)
            yield index, zone, machines, sentence(mine[0][1].reason), as_of
