"""Settings with a small fleet, for tests that need no large one."""

import re

from tests.conftest import Checkout

FLEET = """
fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8}
    regions:
      us-central1: [a, b]
      us-west1: [a]
"""


def shrink(checkout: Checkout, fleets: str = FLEET) -> None:
    """Have the checkout's environments no other fleets than these, and results in the US alone."""
    base = (checkout.root / "config/base.yaml").read_text(encoding="utf-8")
    base = base[: base.index("# A cluster is a fleet")] + fleets
    base = re.sub(r"^  (asia|europe|me-west1): .*\n", "", base, flags=re.MULTILINE)
    checkout.write("config/base.yaml", base)
