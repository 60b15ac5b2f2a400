"""What must hold between settings: what goes together is let pass."""

import pytest

from pipeline_zen.settings import SettingsError, load
from tests.conftest import Checkout
from tests.settings.small import A100

POOLS = "iam.googleapis.com/projects/1/locations/global/workloadIdentityPools"

MEMBERS = {
    "serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com": True,
    "serviceAccount:scheduler-zen-sa@tools-1234.iam.gserviceaccount.com": True,
    "serviceAccount:other@eng-ai-prod.iam.gserviceaccount.com": True,
    "serviceAccount:123-compute@developer.gserviceaccount.com": True,
    "serviceAccount:eng-ai-dev.svc.id.goog[jobs/scheduler]": True,
    "user:ann@b.example": True,
    "group:all@b.example": True,
    f"principal://{POOLS}/p/subject/s": True,
    f"principalSet://{POOLS}/p/*": True,
    "serviceAccount:": False,
    "serviceAccount:scheduler@b.example": False,
    "serviceAccount:scheduler@eng-ai-dev.iam.gserviceaccount.co": False,
    "serviceaccount:scheduler@eng-ai-dev.iam.gserviceaccount.com": False,
    "user:ann": False,
    "group:a b@c.example": False,
    "principal:ann@b.example": False,
    "principalSet://": False,
    "allUsers": False,
    "domain:b.example": False,
}  # fmt: skip


@pytest.mark.parametrize(("member", "sound"), MEMBERS.items())
def test_members(member: str, sound: bool, small: Checkout) -> None:
    """Who the scheduler is has one of IAM's forms, and may be of another project."""
    small.edit("config/dev.yaml", "local:", f"scheduler: {{member: '{member}'}}\nlocal:")

    if sound:
        assert member == load(small.root, ["dev"])[0].scheduler.member  # type: ignore[union-attr]
    else:
        with pytest.raises(SettingsError, match="It must be a member as IAM writes it"):
            load(small.root, ["dev"])


@pytest.mark.parametrize(
    "lines",
    [
        "capacity: spot",
        "cluster_capacity: {8: spot}\n    max_run_hours: 168",
        "capacity: reservation\n    reservations: {8: ours}",
        "cluster_capacity: {8: reservation}\n    reservations: {8: ours}",
        "capacity: reservation\n    reservations: {8: projects/eng-ai-x/reservations/a}",
        "capacity: flex-start\n    max_run_hours: 168",
        "capacity: flex-start\n    max_run_hours: 1\n    target_size_mode: BULK",
        "capacity: flex-start\n    max_run_hours: 1\n    target_shape: ANY_SINGLE_ZONE",
        "target_shape: ANY_SINGLE_ZONE",
    ],
)
def test_legal_capacities(lines: str, small: Checkout) -> None:
    """What goes together is let pass."""
    small.edit("config/base.yaml", A100, f"{A100}    {lines}\n")

    assert load(small.root, ["dev"])
