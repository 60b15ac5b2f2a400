"""Rules on capacity: that the machines are sold that way."""

from collections.abc import Iterator

from pipeline_zen import catalog
from pipeline_zen.settings.lint.rule import rule
from pipeline_zen.settings.lint.wording import sentence
from pipeline_zen.settings.model import Capacity, Fleet
from pipeline_zen.settings.problems import Defect


@rule(
    "capacity-not-sold",
    "error",
    "A machine that is not sold by the fleet's capacity.",
    "Set capacity, or cluster_capacity for this one, to another.",
)
def capacity_is_sold(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """The machine is sold by the fleet's capacity."""
    yield from _capacities(fleets, "no", "is not sold as")


@rule(
    "capacity-doubtful",
    "warning",
    "A machine that may not be sold by the fleet's capacity: no source says, or they disagree.",
    "Try one VM before you rely on it, then ignore this.",
)
def capacity_is_certain(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """A source says so, and none says otherwise."""
    yield from _capacities(fleets, "doubtful", "may not be had as")


def _capacities(fleets: dict[str, Fleet], verdict: catalog.Verdict, text: str) -> Iterator[Defect]:
    facts = catalog.load()
    for name, fleet in fleets.items():
        for gpus, machine_type in fleet.machine_types.items():
            capacity = fleet.capacity_of(gpus)
            if not facts.fits(machine_type, fleet.accelerator, gpus):
                continue
            answer = _had_as(machine_type, fleet.accelerator, gpus, capacity)
            if answer.verdict == verdict:
                loc = ("fleets", name, "machine_types", gpus)
                message = f"{machine_type} {text} {capacity}"
                yield Defect(loc, message, sentence(answer.reason), answer.as_of)


def _had_as(machine_type: str, accelerator: str, gpus: int, capacity: Capacity) -> catalog.Answer:
    """Whether a machine can be had so."""
    if capacity != "reservation":
        return catalog.sold_as(machine_type, accelerator, gpus, capacity)
    standard = catalog.sold_as(machine_type, accelerator, gpus, "standard")
    if standard.verdict != "no":
        return standard
    # A reservation is consumed by VMs of the standard model.
    bound = catalog.sold_as(machine_type, accelerator, gpus, "reservation-bound")
    hint = "" if bound.verdict == "no" else ", so its reservation is had as reservation-bound"
    return catalog.Answer("no", f"{standard.reason}{hint}", standard.as_of, standard.source)
