"""A small fleet, for tests that apply one."""

import re
import shutil
import subprocess
from pathlib import Path

from tests.conftest import ROOT, SETTINGS, Checkout

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
    """Leave a checkout this fleet, or other *fleets*, and the one bucket that it writes to."""
    base = (checkout.root / "config/base.yaml").read_text(encoding="utf-8")
    base = base[: base.index("# A cluster is a fleet")] + fleets
    base = re.sub(r"^  (asia|europe|me-west1): .*\n", "", base, flags=re.MULTILINE)
    checkout.write("config/base.yaml", base)


def small_checkout(root: Path, fleets: str = FLEET) -> Checkout:
    """A copy of the tests' settings, below *root*, with this fleet or other *fleets*."""
    shutil.copytree(SETTINGS / "config", root / "config")
    shutil.copy(SETTINGS / "VERSION", root / "VERSION")
    checkout = Checkout(root)
    shrink(checkout, fleets)
    return checkout


def git(root: Path, *arguments: str) -> None:
    """Run git as somebody."""
    person = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", "-C", str(root), *person, *arguments], check=True, capture_output=True)


def small_repository(root: Path) -> Checkout:
    """A repository of its own with this fleet and the code, all of it committed."""
    checkout = small_checkout(root)
    # Its own, so that a ref is synthesized by the code that is there.
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "constructs", root / "constructs", ignore=ignored)
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "before")
    return checkout
