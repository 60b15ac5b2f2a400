"""What becomes of secrets."""

from typing import Any

import pytest

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
    gone = change(kind, ["delete"], {"deletion_policy": policy}, None)
    rotated = change(kind, ["create", "delete"], {"deletion_policy": policy}, {"enabled": True})

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
    off = change(kind, ["create"], None, {"enabled": False})
    on = change(kind, ["create"], None, {"enabled": True})

    assert ("secret-version-disabled",) == rules(judged(made_up(off)).blocking)
    assert () == judged(made_up(on)).blocking
