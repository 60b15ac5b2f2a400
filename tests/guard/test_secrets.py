"""What becomes of secrets."""

from typing import Any

import pytest

from tests.plans.cases import PROJECT
from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up


@pytest.mark.parametrize(
    ("policy", "blocking"),
    [
        ("DISABLE", "secret-version-disabled"),
        ("DELETE", "secret-version-lost"),
        (None, "secret-version-lost"),
        (5, "secret-version-lost"),
    ],
)
def test_a_secret_version_that_goes(policy: Any, blocking: str) -> None:
    """Its text stays only by a policy that is known to keep it."""
    kind = "google_secret_manager_secret_version"
    new = {"enabled": True, "deletion_policy": "DISABLE"}
    gone = change(kind, ["delete"], {"deletion_policy": policy}, None)
    rotated = change(kind, ["create", "delete"], {"deletion_policy": policy}, new)

    assert (blocking,) == rules(judged(made_up(gone)).blocking)
    lost = () if blocking == "secret-version-disabled" else (blocking,)
    assert lost == rules(judged(made_up(rotated)).blocking)
    assert lost == rules(judged(made_up({**gone, "deposed": "a1b2c3d4"})).blocking)


def test_what_is_let_go() -> None:
    """Google keeps it as it is, so that nothing is lost, and the report says so."""
    kind = "google_secret_manager_secret_version"
    gone = change(kind, ["delete"], {"deletion_policy": "ABANDON"}, None)
    verdict = judged(made_up(gone))

    assert ((), ("forgotten",)) == (verdict.blocking, rules(verdict.notable))


def test_a_secret_version_that_is_off_from_the_start() -> None:
    """VMs ask for the newest one."""
    kind = "google_secret_manager_secret_version"
    secret = change("google_secret_manager_secret", ["no-op"], {"secret_id": "s"},
                    {"secret_id": "s"})  # fmt: skip
    values = {"secret": f"projects/{PROJECT}/secrets/s", "deletion_policy": "DISABLE"}
    off, on = (
        judged(made_up(secret, change(kind, ["create"], None, {**values, "enabled": enabled})))
        for enabled in (False, True)
    )

    assert ("secret-version-disabled",) == rules(off.blocking)
    assert ((), ()) == (on.blocking, on.notable)


@pytest.mark.parametrize("protected", [True, False])
def test_a_secret_that_the_provider_protects(protected: bool) -> None:
    """It refuses to delete it, so no allowance leads anywhere."""
    gone = change(
        "google_secret_manager_secret", ["delete"], {"deletion_protection": protected}, None
    )
    found = rules(judged(made_up(gone)).blocking)

    assert (*(["deletion-prevented"] if protected else []), "secret-deleted") == found
