"""What firewalls let through."""

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (None, {}, ("public-access",)),
        (None, {"source_ranges": ["::/0"]}, ("public-access",)),
        (None, {"source_ranges": ["10.0.0.0/8"]}, ("unjudged",)),
        (None, {"source_ranges": ["0.0.0.0/1", "128.0.0.0/1"]}, ("public-access",)),
        (None, {"source_ranges": []}, ("public-access",)),
        (None, {"source_ranges": [], "source_tags": ["a"]}, ("unjudged",)),
        (None, {"source_ranges": ["8.8.8.8"]}, ("unjudged",)),
        (None, {"allow": [], "deny": [{"protocol": "all"}]}, ("access-denied",)),
        (
            None,
            {"direction": "EGRESS", "allow": [], "deny": [{"protocol": "all"}]},
            ("access-denied",),
        ),
        ({"disabled": False}, {"disabled": True}, ("unjudged",)),
        (None, {"direction": "EGRESS"}, ("unjudged",)),
        (None, {"direction": None}, ("public-access",)),
        (None, {"disabled": True}, ("unjudged",)),
        (None, {"disabled": None}, ("public-access",)),
        ({"description": "a"}, {"description": "b"}, ()),
        ({"disabled": True, "description": "a"}, {"disabled": True, "description": "b"}, ()),
        ({"disabled": True, "priority": 1}, {"disabled": True, "priority": 2}, ("unjudged",)),
        ({"priority": 1}, {"priority": 2}, ("public-access",)),
    ],
)
def test_firewalls(before: Json | None, after: Json, found: tuple[str, ...]) -> None:
    """What lets the whole internet in, by which of its attributes."""
    kind = "google_compute_firewall"
    usual = {"source_ranges": ["0.0.0.0/0"], "allow": [{"protocol": "tcp"}],
             "direction": "INGRESS", "disabled": False}  # fmt: skip
    actions = ["create"] if before is None else ["update"]
    one = change(kind, actions, before and {**usual, **before}, {**usual, **after})

    verdict = judged(made_up(one))
    assert found == rules((*verdict.blocking, *verdict.notable))
    assert verdict.blocked is (found not in ((), ("unjudged",)))
