"""
What Google sells, where, for how much, and against which quota. Offline: nothing here asks Google.

Facts only, each row with its date and its source; what we want of them is in `config/`. The data
are the CSV files beside this one, and each is read when first asked for. How they are brought up
to date is in `docs/catalog.md`.

    facts     rows of text with a date, and answers that may be doubtful
    machines  machine types, and the GPUs in them or attached to them
    gpus      the GPUs, and the names of their quotas
    prices    list prices
    sales     where each machine is sold, and by which provisioning models

The data:

    machine_types.csv      machine types that come with their GPUs (A2, A3, A4, G2, G4)
    n1_gpus.csv            how large an N1 machine may be, by the GPUs attached to it
    n1_machine_types.csv   the N1 machine types
    accelerators.csv       the GPUs, and the names of their quotas
    zones.csv              which zones sell which of them
    regions.csv            every region, with the zones that are known
    locations.csv          where a bucket can be, beside in a region
    prices.csv             by region: of a whole machine, of an N1 without GPUs, of one such GPU

A column `recalled` names the facts of its row that no source backs: they are doubtful. What is not
known is None, and an answer has three values, `yes`, `no` and `doubtful`: never zero, and never
fine. Rows are edited by hand, too, so they are read strictly: CatalogError says where one is not
what it has to be.

Units: `memory_gb` in GB as Google counts them (2**30 bytes); prices in US dollars an hour; `gpus`
may be a fraction where a VM gets a slice of one.
"""

from pipeline_zen.catalog.facts import HOME, Answer, CatalogError, Verdict
from pipeline_zen.catalog.gpus import Accelerator, Quotas, accelerators, quotas
from pipeline_zen.catalog.machines import (
    PROVISIONING_MODELS,
    Catalog,
    MachineType,
    N1Gpus,
    N1MachineType,
    ProvisioningModel,
    load,
)
from pipeline_zen.catalog.prices import Price, price
from pipeline_zen.catalog.sales import Region, locations, regions, sold_as, sold_in, zones_selling

__all__ = [
    "HOME",
    "PROVISIONING_MODELS",
    "Accelerator",
    "Answer",
    "Catalog",
    "CatalogError",
    "MachineType",
    "N1Gpus",
    "N1MachineType",
    "Price",
    "ProvisioningModel",
    "Quotas",
    "Region",
    "Verdict",
    "accelerators",
    "load",
    "locations",
    "price",
    "quotas",
    "regions",
    "sold_as",
    "sold_in",
    "zones_selling",
]
