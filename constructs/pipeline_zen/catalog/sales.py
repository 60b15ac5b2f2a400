"""Where each machine is sold, and by which provisioning models."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cache

from pipeline_zen.catalog.facts import Answer, rows, words
from pipeline_zen.catalog.machines import Model, load
from pipeline_zen.catalog.prices import is_priced_in


@dataclass(frozen=True)
class Region:
    """A region, and its zones as far as they are known, as letters."""

    name: str
    zones: tuple[str, ...]
    as_of: date
    source: str


@dataclass(frozen=True)
class _Listing:
    """That a zone sells an accelerator, in these machine types."""

    zone: str
    machine_types: tuple[str, ...]
    confidence: str
    note: str
    as_of: date

    def has(self, machine_type: str) -> bool:
        return any(fnmatchcase(machine_type, pattern) for pattern in self.machine_types)

    def answer(self) -> Answer:
        if self.confidence == "high":
            return Answer("yes", "it is listed there", self.as_of)
        return Answer("doubtful", f"it is listed there, but {self.note}", self.as_of)


@cache
def regions() -> dict[str, Region]:
    """Every region, by name."""
    return {
        row["region"]: Region(
            name=row["region"],
            zones=words(row["zones"]),
            as_of=date.fromisoformat(row["as_of"]),
            source=row["source"],
        )
        for row in rows("regions.csv")
    }


@cache
def locations() -> dict[str, date]:
    """Every location that a bucket can have, in capitals, with the day of the fact."""
    wide = {row["location"]: date.fromisoformat(row["as_of"]) for row in rows("locations.csv")}
    return {**wide, **{name.upper(): region.as_of for name, region in regions().items()}}


def zones_selling(
    machine_type: str, accelerator: str, region: str | None = None
) -> dict[str, Answer]:
    """
    The zones that sell such a machine, in one region or all, sorted: surely or doubtfully.

    Listed is not in stock, and not granted.
    """
    everywhere = _selling(machine_type, accelerator)
    if region is None:
        return dict(everywhere)
    return {zone: one for zone, one in everywhere.items() if zone[:-2] == region}


def sold_in(machine_type: str, accelerator: str, zone: str) -> Answer:
    """
    Whether *zone* sells such a machine.

    `doubtful` is also what cannot be told: where no list is whole, or lists disagree.
    """
    found = _selling(machine_type, accelerator)
    if zone in found:
        return found[zone]
    if all(answer.verdict == "doubtful" for answer in found.values()):
        return Answer("doubtful", "no whole list of the zones that sell it is known", None)

    region = zone.rpartition("-")[0]
    as_of = max(answer.as_of for answer in found.values() if answer.as_of)
    here = zones_selling(machine_type, accelerator, region)
    if any(answer.verdict == "doubtful" for answer in here.values()):
        return Answer("doubtful", f"lists do not agree on its zones in {region}", as_of)
    if here:
        listed = ", ".join(here)
        return Answer("no", f"in {region} it is sold in {listed}", as_of)
    if is_priced_in(machine_type, accelerator, region):
        return Answer(
            "doubtful", f"there is a price for it in {region}, and no zone is listed", as_of
        )
    return Answer("no", f"no zone of {region} sells it", as_of)


def sold_as(machine_type: str, accelerator: str, gpus: int, model: Model) -> Answer:
    """Whether such a machine can be had by that provisioning model, wherever it is sold."""
    facts = load().facts(machine_type, accelerator, gpus)
    if facts is None:
        return Answer("no", f"there is no {machine_type} with {gpus} {accelerator}", None)
    listed = ", ".join(facts.provisioning_models)
    if model not in facts.recalled:
        if model in facts.provisioning_models:
            return Answer("yes", f"it is sold as {model}", facts.as_of)
        return Answer("no", f"it is sold as {listed} only", facts.as_of)
    return Answer("doubtful", f"no source says whether it is sold as {model}", facts.as_of)


@cache
def _selling(machine_type: str, accelerator: str) -> dict[str, Answer]:
    return {
        listing.zone: listing.answer()
        for listing in _listings().get(accelerator, ())
        if listing.has(machine_type)
    }


@cache
def _listings() -> dict[str, list[_Listing]]:
    listings: dict[str, list[_Listing]] = {}
    for row in rows("zones.csv"):
        listings.setdefault(row["accelerator"], []).append(
            _Listing(
                zone=row["zone"],
                machine_types=words(row["machine_types"]),
                confidence=row["confidence"],
                note=row["note"],
                as_of=date.fromisoformat(row["as_of"]),
            )
        )
    return listings
