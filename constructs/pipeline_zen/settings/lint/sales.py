"""What a fleet's machines are sold in, of those that exist."""

from collections.abc import Iterable
from datetime import date

from pipeline_zen import catalog
from pipeline_zen.settings.model import Fleet


def fitting(fleet: Fleet) -> list[str]:
    """The machine types that have the fleet's GPUs; the others are wrong anyway."""
    facts = catalog.load()
    return [
        machine_type
        for gpus, machine_type in sorted(fleet.machine_types.items())
        if facts.fits(machine_type, fleet.accelerator, gpus)
    ]


def regions_selling(fleet: Fleet) -> list[str]:
    """The regions with a zone for each of the fleet's machine types."""
    regions = [
        {zone.rpartition("-")[0] for zone in catalog.zones_selling(machine_type, fleet.accelerator)}
        for machine_type in fitting(fleet)
    ]
    return sorted(set.intersection(*regions)) if regions else []


def oldest(answers: Iterable[catalog.Answer]) -> date | None:
    """The day of the oldest of these answers; None where none has a day."""
    return min((answer.as_of for answer in answers if answer.as_of), default=None)
