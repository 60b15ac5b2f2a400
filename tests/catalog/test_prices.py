"""Prices: those of machines and GPUs, and those that are not known."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline_zen import catalog
from tests.conftest import Facts


def test_the_price_of_a_machine_with_its_gpus() -> None:
    """A bundled machine has one price, with all that is in it."""
    price = catalog.price("a2-highgpu-1g", "nvidia-tesla-a100", 1, "asia-northeast1")

    assert (Decimal("4.049591"), Decimal("2.429675")) == (price.on_demand, price.spot)
    assert date(2026, 8, 3) == price.as_of


def test_the_price_of_an_n1_machine() -> None:
    """An N1's price is that of the machine and of each GPU, as old as the older of the two."""
    one = catalog.price("n1-highmem-32", "nvidia-tesla-v100", 1, "us-central1")
    eight = catalog.price("n1-highmem-32", "nvidia-tesla-v100", 8, "us-central1")

    assert one == catalog.Price(None, None, None, "no price is known"), "it is too large for one"
    assert (Decimal("21.732848"), date(2026, 7, 1)) == (eight.on_demand, eight.as_of)


@pytest.mark.parametrize(
    ("machine_type", "accelerator", "gpus", "region"),
    [
        ("a4x-highgpu-4g", "nvidia-gb200", 4, "us-central1"),
        ("a2-highgpu-1g", "nvidia-tesla-a100", 1, "africa-south1"),
        ("a2-highgpu-1g", "nvidia-tesla-a100", 2, "us-central1"),
        ("n1-highmem-8", "nvidia-tesla-v100", 1, "europe-north1"),
        ("c3-standard-8", "nvidia-l4", 1, "us-central1"),
    ],
)
def test_an_unknown_price_is_none(
    machine_type: str, accelerator: str, gpus: int, region: str
) -> None:
    """What is not known is None, not zero; so is the sum of which a part is not known."""
    price = catalog.price(machine_type, accelerator, gpus, region)

    assert (None, None, None) == (price.on_demand, price.spot, price.as_of)


def test_a_price_that_leaves_something_out_says_so() -> None:
    """Where only spot is known there is no price on demand, and what is missing in it is told."""
    price = catalog.price("a3-ultragpu-8g", "nvidia-h200-141gb", 8, "asia-south1")

    assert (None, Decimal("49.56375")) == (price.on_demand, price.spot)
    assert "without the bundled local SSDs" == price.note


def test_an_n1_has_the_notes_of_both_its_prices(facts: Facts) -> None:
    """What is noted on the price of the machine or of its GPU is true of their sum."""
    text = (facts.root / "prices.csv").read_text(encoding="utf-8")
    for of, note in (("n1-highmem-8", "the machine's"), ("nvidia-tesla-v100", "the GPU's")):
        text = re.sub(
            rf"^({of},us-central1,[^,]*,[^,]*),,", rf"\1,{note},", text, flags=re.MULTILINE
        )
    facts.write("prices.csv", text)

    price = catalog.price("n1-highmem-8", "nvidia-tesla-v100", 1, "us-central1")

    assert "the machine's; the GPU's" == price.note


def test_no_price_is_zero() -> None:
    """A price that is not known is empty in the data."""
    with (Path(catalog.__file__).with_name("prices.csv")).open(encoding="utf-8") as data:
        for row in csv.DictReader(data):
            assert all(row[kind] == "" or float(row[kind]) > 0 for kind in ("on_demand", "spot"))
