"""List prices. No disks, no network, no discounts: what Google asks for the VM itself."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from pipeline_zen.catalog.facts import rows
from pipeline_zen.catalog.machines import load


@dataclass(frozen=True)
class Price:
    """What a whole VM costs an hour, GPUs and bundled SSDs included, in US dollars."""

    on_demand: Decimal | None
    spot: Decimal | None
    as_of: date | None
    """The day of the oldest price in it; None where none is known."""
    note: str = ""
    """What a price leaves out or does not mean."""
    source: str = ""


UNKNOWN = Price(None, None, None, "no price is known")


def price(machine_type: str, accelerator: str, gpus: int, region: str) -> Price:
    """
    The price of such a VM in *region*; an N1's is that of the machine and of each GPU.

    Unknown where one of the parts is, or where there is no such machine.
    """
    facts = load()
    if not facts.fits(machine_type, accelerator, gpus):
        return UNKNOWN
    whole = _prices().get((machine_type, region))
    if machine_type in facts.machine_types:
        return whole or UNKNOWN
    gpu = _prices().get((accelerator, region))
    if whole is None or gpu is None or whole.as_of is None or gpu.as_of is None:
        return UNKNOWN
    return Price(
        on_demand=_sum(whole.on_demand, gpu.on_demand, gpus),
        spot=_sum(whole.spot, gpu.spot, gpus),
        as_of=min(whole.as_of, gpu.as_of),
        note="; ".join(filter(None, (whole.note, gpu.note))),
        source=f"{whole.source}; {gpu.source}",
    )


def is_priced_in(machine_type: str, accelerator: str, region: str) -> bool:
    """Whether a price of such a machine is known in *region*; of an N1's, that of the GPU."""
    of = accelerator if machine_type.startswith("n1-") else machine_type
    return (of, region) in _prices()


def _sum(base: Decimal | None, each: Decimal | None, gpus: int) -> Decimal | None:
    return None if base is None or each is None else base + gpus * each


@cache
def _prices() -> dict[tuple[str, str], Price]:
    return {
        (row["of"], row["region"]): Price(
            on_demand=row.price("on_demand"),
            spot=row.price("spot"),
            as_of=row.day("as_of"),
            note=row["note"],
            source=row.text("source"),
        )
        for row in rows("prices.csv", "of", "region")
    }
