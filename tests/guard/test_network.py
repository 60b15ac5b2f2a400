"""What firewalls let through."""

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up


@pytest.mark.parametrize(
    ("before", "after", "blocking"),
    [
        (None, {}, ("public-access",)),
        (None, {"source_ranges": ["::/0"]}, ("public-access",)),
        (None, {"source_ranges": ["10.0.0.0/8"]}, ()),
        (None, {"source_ranges": ["0.0.0.0/1", "128.0.0.0/1"]}, ("public-access",)),
        (None, {"source_ranges": []}, ("public-access",)),
        (None, {"source_ranges": [], "source_tags": ["a"]}, ()),
        (None, {"source_ranges": ["8.8.8.8"]}, ()),
        (None, {"allow": [], "deny": [{"protocol": "all"}]}, ("access-denied",)),
        (
            None,
            {"direction": "EGRESS", "allow": [], "deny": [{"protocol": "all"}]},
            ("access-denied",),
        ),
        ({"disabled": False}, {"disabled": True}, ()),
        (None, {"direction": "EGRESS"}, ()),
        (None, {"direction": None}, ("public-access",)),
        (None, {"disabled": True}, ()),
        (None, {"disabled": None}, ("public-access",)),
        ({"description": "a"}, {"description": "b"}, ()),
        ({"priority": 1}, {"priority": 2}, ("public-access",)),
    ],
)
def test_firewalls(before: Json | None, after: Json, blocking: tuple[str, ...]) -> None:
    """What lets the whole internet in, by which of its attributes."""
    kind = "google_compute_firewall"
    usual = {"source_ranges": ["0.0.0.0/0"], "allow": [{"protocol": "tcp"}],
             "direction": "INGRESS", "disabled": False}  # fmt: skip
    actions = ["create"] if before is None else ["update"]
    one = change(kind, actions, before and {**usual, **before}, {**usual, **after})

    assert blocking == rules(judged(made_up(one)).blocking)
