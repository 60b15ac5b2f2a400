"""Machine types, the GPUs in them or attached to them, and how they can be had."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, TypeAlias, get_args

from pipeline_zen.catalog.facts import Answer, Row, rows

ProvisioningModel: TypeAlias = Literal["standard", "spot", "flex-start", "reservation-bound"]
"""What Google calls a provisioning model."""

PROVISIONING_MODELS: tuple[ProvisioningModel, ...] = get_args(ProvisioningModel)

NEEDS = ("placement-policy",)

_DISK_TYPES = ("hyperdisk-balanced", "pd-balanced", "pd-ssd", "pd-standard")


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
    disputed: tuple[str, ...]
    """The provisioning models that one source says it is sold by, and another that it is not."""
    needs: tuple[str, ...]
    """What its VMs cannot be made without, and other machines can."""
    note: str
    """What else to know before renting one: what is not set up here, or easily overlooked."""
    as_of: date
    source: str
    size_as_of: date
    """The day of `vcpus` and `memory_gb`, which come from another source than the rest."""
    size_source: str


@dataclass(frozen=True)
class N1MachineType:
    """An N1 machine type, to which GPUs can be attached."""

    name: str
    vcpus: int
    memory_gb: float
    as_of: date
    source: str


@dataclass(frozen=True)
class N1Gpus:
    """A number of GPUs that can be attached to an N1 machine, and how large that may be."""

    accelerator: str
    gpus: int
    max_vcpus: int
    max_memory_gb: float
    agreed_vcpus: int
    """Up to here no source says otherwise; what is larger is doubtful, and the note says why."""
    agreed_memory_gb: float
    nic: str
    provisioning_models: tuple[str, ...]
    boot_disk_types: tuple[str, ...]
    recalled: tuple[str, ...]
    disputed: tuple[str, ...]
    note: str
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

    def as_of(self) -> date:
        """The day of the lists as a whole, by which what is in none of them does not exist."""
        return min(
            row.as_of
            for facts in (self.machine_types, self.n1_machine_types, self.n1_gpus)
            for row in facts.values()
        )

    def misfit(self, machine_type: str, accelerator: str, gpus: int) -> Answer | None:
        """
        Why *machine_type* cannot have that many of *accelerator*; None when it can.

        The machine type must be known.
        """
        bundled = self.machine_types.get(machine_type)
        if bundled:
            if (bundled.accelerator, bundled.gpus) == (accelerator, gpus):
                return None
            reason = f"{machine_type} comes with {bundled.gpus:g} {bundled.accelerator}"
            return Answer("no", reason, bundled.as_of, bundled.source)

        attached = self.n1_gpus.get((accelerator, gpus))
        if attached is None:
            listed = [row for row in self.n1_gpus.values() if row.accelerator == accelerator]
            oldest = min(listed or self.n1_gpus.values(), key=lambda row: row.as_of)
            reason = (
                f"{gpus} {accelerator} cannot be attached to one machine"
                if listed
                else f"{accelerator} cannot be attached to an N1 machine"
            )
            return Answer("no", reason, oldest.as_of, oldest.source)
        n1 = self.n1_machine_types[machine_type]
        if n1.vcpus > attached.max_vcpus or n1.memory_gb > attached.max_memory_gb:
            reason = (
                f"{machine_type} has {n1.vcpus} vCPUs and {n1.memory_gb:g} GB, and {gpus} "
                f"{accelerator} allow {attached.max_vcpus} and {attached.max_memory_gb:g}: "
                f"{', '.join(self._largest(attached))} at most"
            )
            as_of = min(n1.as_of, attached.as_of)
            return Answer("no", reason, as_of, f"{attached.source}; {n1.source}")
        return None

    def _largest(self, attached: N1Gpus) -> list[str]:
        """The largest N1 machine type of each series that these GPUs can be attached to."""
        largest: dict[str, N1MachineType] = {}
        for n1 in sorted(self.n1_machine_types.values(), key=lambda n1: n1.vcpus):
            if n1.vcpus <= attached.max_vcpus and n1.memory_gb <= attached.max_memory_gb:
                largest[n1.name.rpartition("-")[0]] = n1
        return sorted(n1.name for n1 in largest.values())

    def doubt(self, machine_type: str, accelerator: str, gpus: int) -> Answer | None:
        """Why it is not sure that such a machine, which fits, can be used; None when it is."""
        bundled = self.machine_types.get(machine_type)
        if bundled:
            known = bundled.note
            return Answer("doubtful", known, bundled.as_of, bundled.source) if known else None
        attached, n1 = self.n1_gpus[accelerator, gpus], self.n1_machine_types[machine_type]
        if n1.vcpus <= attached.agreed_vcpus and n1.memory_gb <= attached.agreed_memory_gb:
            return None
        return Answer("doubtful", attached.note, attached.as_of, attached.source)

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


@cache
def load() -> Catalog:
    """Read the machine types."""
    return Catalog(
        machine_types={
            row["machine_type"]: _machine_type(row)
            for row in rows("machine_types.csv", "machine_type")
        },
        n1_machine_types={
            row["machine_type"]: N1MachineType(
                name=row.text("machine_type"),
                vcpus=row.whole("vcpus"),
                memory_gb=row.number("memory_gb"),
                as_of=row.day("as_of"),
                source=row.text("source"),
            )
            for row in rows("n1_machine_types.csv", "machine_type")
        },
        n1_gpus={
            (row["accelerator"], row.whole("gpus")): _n1_gpus(row)
            for row in rows("n1_gpus.csv", "accelerator", "gpus")
        },
    )


def _machine_type(row: Row) -> MachineType:
    return MachineType(
        name=row.text("machine_type"),
        accelerator=row.text("accelerator"),
        gpus=row.number("gpus"),
        vcpus=row.whole("vcpus"),
        memory_gb=row.number("memory_gb"),
        local_ssds=row.whole("local_ssds"),
        local_ssd_gb=row.whole("local_ssd_gb") if row["local_ssd_gb"] else None,
        nic=row["nic"],
        provisioning_models=row.words("provisioning_models", PROVISIONING_MODELS),
        boot_disk_types=row.words("boot_disk_types", _DISK_TYPES),
        recalled=row.words("recalled", (*row.fields, *PROVISIONING_MODELS)),
        disputed=row.words("disputed", PROVISIONING_MODELS),
        needs=row.words("needs", NEEDS),
        note=row["note"],
        as_of=row.day("as_of"),
        source=row.text("source"),
        size_as_of=row.day("size_as_of"),
        size_source=row.text("size_source"),
    )


def _n1_gpus(row: Row) -> N1Gpus:
    vcpus, memory_gb = row.whole("max_vcpus"), row.number("max_memory_gb")
    return N1Gpus(
        accelerator=row.text("accelerator"),
        gpus=row.whole("gpus"),
        max_vcpus=vcpus,
        max_memory_gb=memory_gb,
        agreed_vcpus=row.whole("agreed_vcpus") if row["agreed_vcpus"] else vcpus,
        agreed_memory_gb=row.number("agreed_memory_gb") if row["agreed_memory_gb"] else memory_gb,
        nic=row["nic"],
        provisioning_models=row.words("provisioning_models", PROVISIONING_MODELS),
        boot_disk_types=row.words("boot_disk_types", _DISK_TYPES),
        recalled=row.words("recalled", (*row.fields, *PROVISIONING_MODELS)),
        disputed=row.words("disputed", PROVISIONING_MODELS),
        note=row["note"],
        as_of=row.day("as_of"),
        source=row.text("source"),
    )
