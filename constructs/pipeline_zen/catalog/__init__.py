"""
What Google sells: machine types, the GPUs in them or attached to them, and their boot disks.

Facts only, each row with its date and its source; what we want of them is in `config/`. The data
are the CSV files beside this one. Nothing here asks Google anything.

    machine_types.csv      machine types that come with their GPUs (A2, A3, A4, G2, G4)
    n1_gpus.csv            how large an N1 machine may be, by the GPUs attached to it
    n1_machine_types.csv   the N1 machine types

Units: `memory_gb` in GB as Google counts them (2**30 bytes); `gpus` may be a fraction where a VM
gets a slice of one.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class MachineType:
    """A machine type whose GPUs are part of it."""

    name: str
    accelerator: str
    gpus: float
    boot_disk_types: tuple[str, ...]


@dataclass(frozen=True)
class N1MachineType:
    """An N1 machine type, to which GPUs can be attached."""

    name: str
    vcpus: int
    memory_gb: float


@dataclass(frozen=True)
class N1Gpus:
    """A number of GPUs that can be attached to an N1 machine, and how large that may be."""

    accelerator: str
    gpus: int
    max_vcpus: int
    max_memory_gb: float
    boot_disk_types: tuple[str, ...]


@dataclass(frozen=True)
class Catalog:
    """All of it, by name."""

    machine_types: dict[str, MachineType]
    n1_machine_types: dict[str, N1MachineType]
    n1_gpus: dict[tuple[str, int], N1Gpus]

    def accelerators(self) -> list[str]:
        """Every accelerator type, sorted."""
        bundled = {machine.accelerator for machine in self.machine_types.values()}
        return sorted(bundled | {accelerator for accelerator, _ in self.n1_gpus})

    def knows(self, machine_type: str) -> bool:
        """Whether *machine_type* is one that can have GPUs."""
        return machine_type in self.machine_types or machine_type in self.n1_machine_types

    def all_machine_types(self) -> list[str]:
        """The names of all machine types that can have GPUs, sorted."""
        return sorted([*self.machine_types, *self.n1_machine_types])

    def misfit(self, machine_type: str, accelerator: str, gpus: int) -> str | None:
        """
        Why *machine_type* cannot have that many of *accelerator*; None when it can.

        Both names must be known.
        """
        bundled = self.machine_types.get(machine_type)
        if bundled:
            if (bundled.accelerator, bundled.gpus) == (accelerator, gpus):
                return None
            return f"{machine_type} comes with {bundled.gpus:g} {bundled.accelerator}"

        attached = self.n1_gpus.get((accelerator, gpus))
        if attached is None:
            if any(name == accelerator for name, _ in self.n1_gpus):
                return f"{gpus} {accelerator} cannot be attached to one machine"
            return f"{accelerator} cannot be attached to an N1 machine"
        n1 = self.n1_machine_types[machine_type]
        if n1.vcpus > attached.max_vcpus or n1.memory_gb > attached.max_memory_gb:
            return (
                f"{machine_type} has {n1.vcpus} vCPUs and {n1.memory_gb:g} GB, and {gpus} "
                f"{accelerator} allow {attached.max_vcpus} and {attached.max_memory_gb:g}"
            )
        return None

    def offers(self, accelerator: str) -> str:
        """The machine types that have *accelerator*, in words."""
        bundled = sorted(
            (machine.gpus, len(machine.name), machine.name)
            for machine in self.machine_types.values()
            if machine.accelerator == accelerator
        )
        attached = sorted(gpus for name, gpus in self.n1_gpus if name == accelerator)
        words = [f"{name} ({gpus:g})" for gpus, _, name in bundled]
        if attached:
            words.append(f"N1 machines ({', '.join(map(str, attached))})")
        return ", ".join(words)

    def boot_disk_types(
        self, machine_type: str, accelerator: str, gpus: int
    ) -> tuple[str, ...] | None:
        """The disk types that such a machine boots from; None when it does not exist."""
        if machine_type in self.machine_types:
            return self.machine_types[machine_type].boot_disk_types
        attached = self.n1_gpus.get((accelerator, gpus))
        return attached.boot_disk_types if attached else None


@cache
def load() -> Catalog:
    """Read the data files."""
    return Catalog(
        machine_types={
            row["machine_type"]: MachineType(
                name=row["machine_type"],
                accelerator=row["accelerator"],
                gpus=float(row["gpus"]),
                boot_disk_types=tuple(row["boot_disk_types"].split()),
            )
            for row in _rows("machine_types.csv")
        },
        n1_machine_types={
            row["machine_type"]: N1MachineType(
                name=row["machine_type"],
                vcpus=int(row["vcpus"]),
                memory_gb=float(row["memory_gb"]),
            )
            for row in _rows("n1_machine_types.csv")
        },
        n1_gpus={
            (row["accelerator"], int(row["gpus"])): N1Gpus(
                accelerator=row["accelerator"],
                gpus=int(row["gpus"]),
                max_vcpus=int(row["max_vcpus"]),
                max_memory_gb=float(row["max_memory_gb"]),
                boot_disk_types=tuple(row["boot_disk_types"].split()),
            )
            for row in _rows("n1_gpus.csv")
        },
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as data:
        yield from csv.DictReader(data)
