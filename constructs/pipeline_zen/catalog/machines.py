"""Machine types, the GPUs in them or attached to them, and how they can be had."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, TypeAlias, get_args

from pipeline_zen.catalog.facts import rows, words

Model: TypeAlias = Literal["standard", "spot", "flex-start", "reservation-bound"]
"""What Google calls a provisioning model."""

MODELS: tuple[Model, ...] = get_args(Model)


@dataclass(frozen=True)
class MachineType:
    """A machine type whose GPUs are part of it."""

    name: str
    accelerator: str
    gpus: float
    vcpus: int
    memory_gb: float
    local_ssds: int
    """The local SSDs that are part of it, too; none where they can only be added."""
    local_ssd_gb: int | None
    """The size of each."""
    nic: str
    """Which network interfaces it has or takes, in words."""
    provisioning_models: tuple[str, ...]
    boot_disk_types: tuple[str, ...]
    recalled: tuple[str, ...]
    """What no source backs: names of fields, and provisioning models, listed above or not."""
    as_of: date
    source: str


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
    nic: str
    provisioning_models: tuple[str, ...]
    boot_disk_types: tuple[str, ...]
    recalled: tuple[str, ...]
    as_of: date
    source: str


@dataclass(frozen=True)
class Catalog:
    """All machine types, by name."""

    machine_types: dict[str, MachineType]
    n1_machine_types: dict[str, N1MachineType]
    n1_gpus: dict[tuple[str, int], N1Gpus]

    def accelerators(self) -> list[str]:
        """Every accelerator type that a machine can have, sorted."""
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

        The machine type must be known.
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

    def fits(self, machine_type: str, accelerator: str, gpus: int) -> bool:
        """Whether there is such a machine, with that many of these GPUs."""
        return self.knows(machine_type) and self.misfit(machine_type, accelerator, gpus) is None

    def offers(self, accelerator: str) -> str:
        """The machine types that have *accelerator*, in words."""
        bundled = sorted(
            (machine.gpus, len(machine.name), machine.name)
            for machine in self.machine_types.values()
            if machine.accelerator == accelerator
        )
        attached = sorted(gpus for name, gpus in self.n1_gpus if name == accelerator)
        named = [f"{name} ({gpus:g})" for gpus, _, name in bundled]
        if attached:
            named.append(f"N1 machines ({', '.join(map(str, attached))})")
        return ", ".join(named)

    def facts(self, machine_type: str, accelerator: str, gpus: int) -> MachineType | N1Gpus | None:
        """What is known of such a machine beyond its size; None when it does not exist."""
        return self.machine_types.get(machine_type) or self.n1_gpus.get((accelerator, gpus))

    def boot_disk_types(
        self, machine_type: str, accelerator: str, gpus: int
    ) -> tuple[str, ...] | None:
        """The disk types that such a machine boots from; None when it does not exist."""
        facts = self.facts(machine_type, accelerator, gpus)
        return facts.boot_disk_types if facts else None


@cache
def load() -> Catalog:
    """Read the machine types."""
    return Catalog(
        machine_types={
            row["machine_type"]: MachineType(
                name=row["machine_type"],
                accelerator=row["accelerator"],
                gpus=float(row["gpus"]),
                vcpus=int(row["vcpus"]),
                memory_gb=float(row["memory_gb"]),
                local_ssds=int(row["local_ssds"]),
                local_ssd_gb=int(row["local_ssd_gb"]) if row["local_ssd_gb"] else None,
                nic=row["nic"],
                provisioning_models=words(row["provisioning_models"]),
                boot_disk_types=words(row["boot_disk_types"]),
                recalled=words(row["recalled"]),
                as_of=date.fromisoformat(row["as_of"]),
                source=row["source"],
            )
            for row in rows("machine_types.csv")
        },
        n1_machine_types={
            row["machine_type"]: N1MachineType(
                name=row["machine_type"],
                vcpus=int(row["vcpus"]),
                memory_gb=float(row["memory_gb"]),
            )
            for row in rows("n1_machine_types.csv")
        },
        n1_gpus={
            (row["accelerator"], int(row["gpus"])): N1Gpus(
                accelerator=row["accelerator"],
                gpus=int(row["gpus"]),
                max_vcpus=int(row["max_vcpus"]),
                max_memory_gb=float(row["max_memory_gb"]),
                nic=row["nic"],
                provisioning_models=words(row["provisioning_models"]),
                boot_disk_types=words(row["boot_disk_types"]),
                recalled=words(row["recalled"]),
                as_of=date.fromisoformat(row["as_of"]),
                source=row["source"],
            )
            for row in rows("n1_gpus.csv")
        },
    )
