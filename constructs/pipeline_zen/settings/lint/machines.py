"""Rules on machine types and their GPUs: that Google has them, and that they go together."""

from collections.abc import Iterator

from pipeline_zen import catalog
from pipeline_zen.settings.lint.rule import rule
from pipeline_zen.settings.lint.wording import sentence
from pipeline_zen.settings.model import Fleet
from pipeline_zen.settings.problems import Defect
from pipeline_zen.settings.proposals import nearest_as_yaml
from pipeline_zen.settings.words import choices, did_you_mean, show

_A_MACHINE_TYPE = "It must be one with GPUs or an N1, such as a2-highgpu-1g or n1-highmem-8."


@rule(
    "accelerator-unknown",
    "error",
    "A GPU that Google does not have.",
    "Correct it, or bring the catalogue ({as_of}) up to date (docs/catalog.md).",
)
def accelerators_exist(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """Google has such a GPU."""
    facts = catalog.load()
    known = facts.accelerators()
    for name, fleet in fleets.items():
        if fleet.accelerator not in known:
            loc = ("fleets", name, "accelerator")
            message = f"no such accelerator, got {show(fleet.accelerator)}"
            yield Defect(
                loc,
                message,
                choices(fleet.accelerator, known),
                facts.as_of(),
                instead=nearest_as_yaml(fleet.accelerator, known),
            )


@rule(
    "machine-unknown",
    "error",
    "A machine type that does not exist, or cannot have GPUs.",
    "Correct it, or bring the catalogue ({as_of}) up to date (docs/catalog.md).",
)
def machine_types_exist(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """Google has such a machine type, and GPUs can be in it."""
    facts = catalog.load()
    for loc, machine_type, accelerator, _ in _machines(fleets):
        if not facts.knows(machine_type):
            offers = _offers(accelerator) or _A_MACHINE_TYPE
            why = did_you_mean(machine_type, facts.all_machine_types()) + offers
            message = f"no such machine type with GPUs, got {show(machine_type)}"
            near = nearest_as_yaml(machine_type, facts.all_machine_types())
            yield Defect(loc, message, why, facts.as_of(), instead=near)


@rule(
    "machine-misfit",
    "error",
    "A machine type that cannot have that many of these GPUs.",
    "Set one that fits.",
)
def machine_types_fit(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """The machine type has that many of these GPUs."""
    facts = catalog.load()
    for loc, machine_type, accelerator, gpus in _machines(fleets):
        if facts.knows(machine_type) and accelerator in facts.accelerators():
            misfit = facts.misfit(machine_type, accelerator, gpus)
            if misfit:
                message = f"{show(machine_type)} does not go with {gpus} {accelerator}"
                yield Defect(loc, message, f"{misfit.reason}. {_offers(accelerator)}", misfit.as_of)


@rule(
    "machine-not-set-up",
    "error",
    "A machine whose VMs cannot be made without what is not set up here.",
    "Set another machine type.",
)
def machine_types_are_set_up(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """VMs of the machine type need nothing that is not set up here."""
    facts = catalog.load()
    for loc, machine_type, accelerator, gpus in _machines(fleets):
        bundled = facts.machine_types.get(machine_type)
        if bundled and bundled.needs and facts.fits(machine_type, accelerator, gpus):
            needs = ", ".join(need.replace("-", " ") for need in bundled.needs)
            message = f"{machine_type} cannot be made here"
            why = f"Its VMs need a {needs}, which is not set up."
            yield Defect(loc, message, why, bundled.as_of)


@rule(
    "machine-doubtful",
    "warning",
    "A machine that may not start: sources disagree, or it needs what is not set up here.",
    "Try one VM before you rely on it, then ignore this.",
)
def machine_types_are_certain(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """No source doubts that it does, and it needs nothing that is not set up here."""
    facts = catalog.load()
    for loc, machine_type, accelerator, gpus in _machines(fleets):
        if facts.fits(machine_type, accelerator, gpus):
            doubt = facts.doubt(machine_type, accelerator, gpus)
            if doubt:
                message = f"{machine_type} with {gpus} {accelerator} may not start"
                yield Defect(loc, message, sentence(doubt.reason), doubt.as_of)


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
