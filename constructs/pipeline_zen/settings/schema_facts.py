"""What the catalogue adds to the schema: enumerations, with a description of each value."""

from collections.abc import Iterator
from typing import Any, get_args

from pipeline_zen import catalog
from pipeline_zen.settings.model import Fleet

Schema = dict[str, Any]

DISK_TYPES: tuple[str, ...] = get_args(Fleet.model_fields["boot_disk_type"].annotation)


def accelerators() -> Schema:
    """Every GPU that a machine can have."""
    facts, known = catalog.load(), catalog.accelerators()
    described = {
        name: f"{known[name].memory_gb} GB each. In {facts.offers(name)}."
        for name in facts.accelerators()
    }
    return _enumeration(described)


def machine_types() -> Schema:
    """Every machine type that can have GPUs."""
    facts = catalog.load()
    return _enumeration({name: _machine_type(name) for name in facts.all_machine_types()})


def fleets_by_accelerator() -> Iterator[Schema]:
    """For each GPU, the machine types that have it, by how many, and what they boot from."""
    for name in catalog.load().accelerators():
        of_this = {"properties": {"accelerator": {"const": name}}, "required": ["accelerator"]}
        yield {"if": of_this, "then": _fleet_of(name)}


def _fleet_of(accelerator: str) -> Schema:
    facts = catalog.load()
    counts = {int(machine.gpus) for machine in facts.machine_types.values()}
    counts |= {gpus for _, gpus in facts.n1_gpus}
    fitting: dict[str, list[str]] = {}
    disks: set[str] = set()
    for gpus in sorted(counts):
        for machine_type in facts.all_machine_types():
            known = facts.facts(machine_type, accelerator, gpus)
            if known and facts.fits(machine_type, accelerator, gpus):
                fitting.setdefault(str(gpus), []).append(machine_type)
                # What is only recalled is no error.
                recalled = "boot_disk_types" in known.recalled
                disks |= set(DISK_TYPES if recalled else known.boot_disk_types)
    fleet: Schema = {
        "properties": {
            "machine_types": {
                "properties": {gpus: {"enum": names} for gpus, names in fitting.items()},
                "additionalProperties": False,
            },
            "boot_disk_type": {"enum": sorted(disks)},
        }
    }
    if Fleet.model_fields["boot_disk_type"].default not in disks:
        fleet["required"] = ["boot_disk_type"]
    return fleet


def regions(zones: Schema) -> Schema:
    """Every region, with the letters of its zones; *zones* is the schema of a list of them."""
    return {
        "properties": {name: _region(region, zones) for name, region in catalog.regions().items()},
        "additionalProperties": False,
    }


def _region(region: catalog.Region, zones: Schema) -> Schema:
    letters = {"enum": list(region.zones)} if region.zones else zones["items"]
    known = ", ".join(region.zones) or "not known"
    return {**zones, "items": letters, "description": f"Its zones: {known} ({region.as_of})."}


def _machine_type(name: str) -> str:
    facts = catalog.load()
    n1 = facts.n1_machine_types.get(name)
    if n1:
        return f"{n1.vcpus} vCPUs and {n1.memory_gb:g} GB, to which GPUs are attached."
    machine = facts.machine_types[name]
    zones = catalog.zones_selling(name, machine.accelerator)
    sold = sorted({zone.rpartition("-")[0] for zone in zones})
    where = f"Sold in {', '.join(sold)}." if sold else "Where it is sold is not known."
    size = f"{machine.vcpus} vCPUs and {machine.memory_gb:g} GB"
    return f"{machine.gpus:g} {machine.accelerator}, {size}. {_price(machine, sold)} {where}"


def _price(machine: catalog.MachineType, regions_: list[str]) -> str:
    """The least that a machine costs on demand; a slice of a GPU has no price here."""
    prices = [
        catalog.price(machine.name, machine.accelerator, int(machine.gpus), region).on_demand
        for region in regions_
    ]
    known = [price for price in prices if price is not None]
    return f"From ${min(known):.2f} an hour on demand." if known else "No price is known."


def _enumeration(described: dict[str, str]) -> Schema:
    # What each value is: no word of JSON Schema's, but editors that know YAML show it.
    return {"enum": list(described), "enumDescriptions": list(described.values())}
