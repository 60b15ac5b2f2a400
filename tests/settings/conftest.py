"""The checkout that the tests of settings break."""

from pathlib import Path

import pytest

from tests.conftest import Checkout
from tests.settings.lint import cases
from tests.settings.small import BASE, DEV


@pytest.fixture
def small(tmp_path: Path) -> Checkout:
    """A checkout with small settings of its own."""
    checkout = Checkout(tmp_path)
    checkout.write("VERSION", "0.60.1\n")
    checkout.write("config/base.yaml", BASE)
    checkout.write("config/dev.yaml", DEV)
    return checkout


@pytest.fixture
def sound(tmp_path: Path) -> Checkout:
    """A checkout whose settings no rule has anything to say about."""
    checkout = Checkout(tmp_path)
    checkout.write("VERSION", "0.60.1\n")
    checkout.write("config/base.yaml", cases.BASE)
    checkout.write("config/dev.yaml", cases.DEV)
    return checkout
