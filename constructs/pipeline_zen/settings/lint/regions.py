"""Rules on regions and bucket locations: that they exist, and what else is to be had."""

from collections.abc import Iterator

from pipeline_zen import catalog, names
from pipeline_zen.settings.lint.rule import rule
from pipeline_zen.settings.lint.sales import fitting, oldest, regions_selling
from pipeline_zen.settings.model import Fleet, Local
from pipeline_zen.settings.problems import Defect
from pipeline_zen.settings.proposals import nearest_as_yaml
from pipeline_zen.settings.words import ALIKE_REGIONS, did_you_mean, show


@rule(
    "region-unknown",
    "error",
    "A region that does not exist.",
    "Correct it; one that is newer than the catalogue ({as_of}) goes into its regions.csv.",
)
def regions_exist(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """Google has such a region."""
    known = catalog.regions()
    # As old as the list as a whole: a row that was added later says nothing about other regions.
    as_of = min(region.as_of for region in known.values())
    for name, fleet in fleets.items():
        for region in fleet.regions:
            if region not in known:
                message = f"no such region, got {show(region)}"
                free = [other for other in known if other not in fleet.regions]
                why = did_you_mean(region, free, ALIKE_REGIONS) or _sold_in(fleet)
                loc = ("fleets", name, "regions", region)
                near = nearest_as_yaml(region, free, ALIKE_REGIONS)
                yield Defect(loc, message, why, as_of, at_key=True, instead=near)


@rule(
    "location-unknown",
    "warning",
    "A bucket location that is not known, by a list from memory.",
    "Correct it; the list is from memory, so what Google has besides goes into locations.csv.",
)
def locations_exist(
    results_buckets: dict[str, str], datasets_location: str, local: Local | None
) -> Iterator[Defect]:
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
            message = f"no bucket location that is known, got {show(location)}"
            yield Defect(loc, message, why, instead=nearest_as_yaml(location, known))


@rule(
    "region-unused",
    "notice",
    "Regions that surely sell all machines of the fleet, and are not in it.",
    "To add one replaces nothing; it needs a results bucket of its part of the world.",
)
def regions_are_used(fleets: dict[str, Fleet], results_buckets: dict[str, str]) -> Iterator[Defect]:
    """No region that is not in use surely sells all machines of the fleet."""
    for name, fleet in fleets.items():
        selling = [catalog.zones_selling(one, fleet.accelerator) for one in fitting(fleet)]
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
            as_of = oldest(answer for zones in selling for answer in zones.values())
            yield Defect(
                ("fleets", name, "regions"), f"{more} these machines", why, as_of, at_key=True
            )


def _with_letters(regions: dict[str, list[str]]) -> str:
    return ", ".join(f"{region} ({' '.join(letters)})" for region, letters in regions.items())


def _sold_in(fleet: Fleet) -> str:
    regions = regions_selling(fleet)
    return (
        f"There is none like it; these machines are sold in {', '.join(regions)}."
        if regions
        else "There is none like it."
    )
