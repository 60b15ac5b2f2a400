"""Where each machine is sold, and by which provisioning models."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cache

from pipeline_zen.catalog.facts import Answer, Verdict, rows
from pipeline_zen.catalog.machines import ProvisioningModel, load
from pipeline_zen.catalog.prices import is_priced_in


@dataclass(frozen=True)
class Region:
    """A region, of that day, and its zones as far as they are known of any day, as letters."""

    name: str
    zones: tuple[str, ...]
    as_of: date
    source: str


_CONFIDENCE = ("high", "zone", "medium", "low")
"""How sure a listing is. `zone`: of the zone, not of its machine types."""


@dataclass(frozen=True)
class _Listing:
    """That a zone sells an accelerator, in these machine types."""

    zone: str
    machine_types: tuple[str, ...]
    confidence: str
    note: str
    as_of: date
    source: str

    @property
    def is_sure_of_zone(self) -> bool:
        return self.confidence in ("high", "zone")

    def has(self, machine_type: str) -> bool:
        return any(fnmatchcase(machine_type, pattern) for pattern in self.machine_types)

    def answer(self) -> Answer:
        if self.confidence == "high":
            return Answer("yes", "it is listed there", self.as_of, self.source)
        what = "its GPU" if self.confidence == "zone" else "it"
        reason = f"{what} is listed there, but {self.note}"
        return Answer("doubtful", reason, self.as_of, self.source)


@cache
def regions() -> dict[str, Region]:
    """Every region, by name."""
    return {
        row["region"]: Region(
            name=row.text("region"),
            zones=row.words("zones"),
            as_of=row.day("as_of"),
            source=row.text("source"),
        )
        for row in rows("regions.csv", "region")
    }


@cache
def locations() -> dict[str, date]:
    """
    Every location that a bucket can have, in capitals, with the day of the fact.

    The wide ones are recalled, and that a bucket can be in every region is as well.
    """
    wide = {row.text("location"): row.day("as_of") for row in rows("locations.csv", "location")}
    return {**wide, **{name.upper(): region.as_of for name, region in regions().items()}}


def zones_selling(
    machine_type: str, accelerator: str, region: str | None = None
) -> dict[str, Answer]:
    """
    The zones that sell such a machine, in one region or all, sorted: surely or doubtfully.

    Listed is not in stock, and not granted.
    """
    return {
        zone: listing.answer()
        for zone, listing in sorted(_selling(machine_type, accelerator).items())
        if region in (None, zone[:-2])
    }


def sold_in(machine_type: str, accelerator: str, zone: str) -> Answer:
    """
    Whether *zone* sells such a machine.

    `doubtful` is also what cannot be told: where no list is whole, or lists disagree. That a zone
    is missing in a list is as old as the oldest row of that list: a row that was added later says
    nothing about other zones, not even of its own region.
    """
    found = _selling(machine_type, accelerator)
    if zone in found:
        return found[zone].answer()
    if not any(listing.is_sure_of_zone for listing in found.values()):
        return Answer("doubtful", "no whole list of the zones that sell it is known", None)

    region = zone.rpartition("-")[0]
    as_of = min(listing.as_of for listing in found.values())
    source = "; ".join(sorted({listing.source for listing in found.values()}))
    here = {where: listing for where, listing in found.items() if where[:-2] == region}
    if not all(listing.is_sure_of_zone for listing in here.values()):
        reason = f"lists do not agree on its zones in {region}"
        return Answer("doubtful", reason, as_of, source)
    if here:
        return Answer("no", f"in {region} it is sold in {', '.join(here)}", as_of, source)
    if is_priced_in(machine_type, accelerator, region):
        reason = f"there is a price for it in {region}, and no zone is listed"
        return Answer("doubtful", reason, as_of, source)
    return Answer("no", f"no zone of {region} sells it", as_of, source)


def sold_as(machine_type: str, accelerator: str, gpus: int, model: ProvisioningModel) -> Answer:
    """Whether such a machine can be had by that provisioning model, wherever it is sold."""
    facts = load().facts(machine_type, accelerator, gpus)
    if facts is None:
        return Answer("no", f"there is no {machine_type} with {gpus} {accelerator}", None)
    listed = ", ".join(facts.provisioning_models)
    if model in facts.recalled:
        verdict: Verdict = "doubtful"
        reason = f"no source says whether it is sold as {model}"
    elif model in facts.disputed:
        verdict = "doubtful"
        reason = f"sources do not agree on whether it is sold as {model}"
    elif model in facts.provisioning_models:
        verdict, reason = "yes", f"it is sold as {model}"
    else:
        verdict, reason = "no", f"it is sold as {listed} only"
    return Answer(verdict, reason, facts.as_of, facts.source)


@cache
def _selling(machine_type: str, accelerator: str) -> dict[str, _Listing]:
    return {
        listing.zone: listing
        for listing in _listings().get(accelerator, ())
        if listing.has(machine_type)
    }


@cache
def _listings() -> dict[str, list[_Listing]]:
    listings: dict[str, list[_Listing]] = {}
    for row in rows("zones.csv", "accelerator", "zone"):
        confidence = row.one_of("confidence", _CONFIDENCE)
        listings.setdefault(row.text("accelerator"), []).append(
            _Listing(
                zone=row.zone("zone"),
                machine_types=row.words("machine_types"),
                confidence=confidence,
                # What is not sure says why: it is a part of the answer.
                note=row["note"] if confidence == "high" else row.text("note"),
                as_of=row.day("as_of"),
                source=row.text("source"),
            )
        )
    return listings
