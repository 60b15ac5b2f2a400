"""What an environment stands on that other code has made."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.small_fleet import small_repository

MEMBER = "serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com"


@pytest.mark.tofu
@pytest.mark.node
def test_a_scheduler_of_elsewhere(tofu: str, run: Run, tmp_path: Path) -> None:
    """Its account is there in a rehearsal, as it is at Google, and can be granted something."""
    assert tofu
    checkout = small_repository(tmp_path / "checkout")
    text = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
    checkout.write("config/dev.yaml", f"{text}\nscheduler:\n  member: {MEMBER}\n")

    result = run("-C", checkout.root, "rehearse", "dev")

    assert 0 == result.returncode, result.stderr
