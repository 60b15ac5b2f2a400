"""Rules on boot disks: that the machines boot from them."""

from collections.abc import Iterator

from pipeline_zen import catalog
from pipeline_zen.settings.lint.rule import rule
from pipeline_zen.settings.model import Fleet
from pipeline_zen.settings.problems import Defect


@rule(
    "boot-disk-misfit",
    "error",
    "A kind of boot disk that the machine does not boot from.",
    "Set boot_disk_type to one of them.",
)
def boot_disks_fit(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """The machine boots from that kind of disk."""
    # What is only recalled is no error: there is a warning for it.
    for loc, machine_type, disk, facts in _boot_disks(fleets, recalled=False):
        yield Defect(
            loc, f"{machine_type} does not boot from {disk}", f"{_boots_from(facts)}.", facts.as_of
        )


@rule(
    "boot-disk-doubtful",
    "warning",
    "A kind of boot disk that the machine may not boot from: no source says.",
    "Set boot_disk_type to one of these, unless you know better.",
)
def boot_disks_are_certain(fleets: dict[str, Fleet]) -> Iterator[Defect]:
    """A source says so."""
    for loc, machine_type, disk, facts in _boot_disks(fleets, recalled=True):
        message = f"{machine_type} may not boot from {disk}"
        yield Defect(loc, message, f"{_boots_from(facts)}, and no source says more", facts.as_of)


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
