"""What firewalls let through."""

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import change, made_up, planned

DENIAL = "google_iam_deny_policy"
FIREWALL = "google_compute_firewall"
OLDER = "google_project_organization_policy"
POLICY = "google_org_policy_policy"

LOOSENED = "policy-loosened: made to allow what may be forbidden above it"
DENIED = (
    "access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may be stopped"
)


def _listed(allowed: list[str], denied: list[str]) -> Json:
    return _given(allowed_values=allowed, denied_values=denied)


def _given(**values: object) -> Json:
    return {"spec": [{"rules": [{"values": [values]}]}]}


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


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (DENIAL, "update", {"name": "a"}, {"name": "b"},
         ["access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may "
          "be stopped"]),
        (DENIAL, "delete", {"name": "a"}, None,
         ["unjudged: removed: what it forbade is up to the roles again"]),
        (DENIAL, "delete create", {"name": "a"}, {"name": "b"},
         ["access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may "
          "be stopped",
          "unjudged: removed: what it forbade is up to the roles again"]),
        (POLICY, "delete", {"spec": [{"rules": [{"enforce": True}]}]}, None,
         ["unjudged: removed: what it forbade is up to what is above it again"]),
        (POLICY, "create", None, {"spec": [{"rules": [{"allow_all": True}]}]},
         ["policy-loosened: made to allow what may be forbidden above it"]),
        (POLICY, "update", {"spec": [{"rules": [{"enforce": True}]}]},
         {"spec": [{"rules": [{"enforce": False}]}]},
         ["policy-loosened: made to allow what may be forbidden above it"]),
        (POLICY, "update", {"spec": [{"rules": [{"enforce": False}]}]},
         {"spec": [{"rules": [{"enforce": True}]}]},
         ["access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may "
          "be stopped"]),
        # As the provider has them.
        (POLICY, "update", {"spec": [{"rules": [{"enforce": "TRUE"}]}]},
         {"spec": [{"rules": [{"enforce": "FALSE"}]}]}, [LOOSENED]),
        (POLICY, "create", None, {"spec": [{"rules": [{"allow_all": "TRUE"}]}]}, [LOOSENED]),
        (POLICY, "create", None, {"spec": [{"rules": [{"enforce": "TRUE"}]}]}, [DENIED]),
        (POLICY, "create", None, {"spec": [{"reset": True}]}, [LOOSENED]),
        (POLICY, "update", _listed(["a"], []), _listed(["b", "a"], []), [LOOSENED]),
        (POLICY, "update", _listed([], ["a", "b"]), _listed([], ["a"]), [LOOSENED]),
        (POLICY, "update", _listed(["a"], ["b"]), _listed(["a"], []), [LOOSENED]),
        (POLICY, "update", _listed(["a"], []), _listed(["b"], []), [DENIED]),
        (POLICY, "update", _listed(["a", "b"], []), _listed(["a"], []), [DENIED]),
        (POLICY, "update", _listed([], ["a"]), _listed([], ["a", "b"]), [DENIED]),
        # The first value that is allowed forbids all others.
        (POLICY, "update", _listed([], ["a"]), _listed(["b"], ["a"]), [DENIED]),
        (POLICY, "update", _listed(["a"], []), {"spec": [{"rules": "x"}]}, [DENIED]),
        *((POLICY, "update", _listed(["a"], ["b"]), _given(**wrong), [DENIED])
          for wrong in ({"allowed_values": "x"}, {"denied_values": "x"})),
        (POLICY, "delete create", {"spec": [{"rules": [{"enforce": True}]}]},
         {"spec": [{"rules": [{"enforce": False}]}]},
         ["policy-loosened: made to allow what may be forbidden above it",
          "unjudged: removed: what it forbade is up to what is above it again"]),
        (POLICY, "create", None, {"spec": [{"rules": [{"enforce": False}, {"enforce": True}]}]},
         ["access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may "
          "be stopped"]),
        (POLICY, "create", None, {"spec": [{"rules": []}]},
         ["access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may "
          "be stopped"]),
        (POLICY, "create", None, {"spec": [{"rules": "x"}]},
         ["access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may "
          "be stopped"]),
        (OLDER, "create", None, {"boolean_policy": [{"enforced": True}]},
         ["access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may "
          "be stopped"]),
        (OLDER, "create", None, {"list_policy": [{"deny": [{"all": True}]}]},
         ["access-denied: made to forbid, whatever roles allow: jobs, VMs or the scheduler may "
          "be stopped"]),
        (FIREWALL, "delete", {"name": "a"}, None,
         ["deleted: removed: what it let through or held back is no longer"]),
        (FIREWALL, "delete create", {"network": "a", "allow": [{"protocol": "tcp"}]},
         {"network": "b", "allow": [{"protocol": "tcp"}]},
         ["deleted: removed: what it let through or held back is no longer",
          "public-access: open to the whole internet"]),
        (FIREWALL, "create", None,
         {"name": "a", "allow": [{"protocol": "tcp"}], "source_service_accounts": ["a"]},
         ["unjudged: lets through what it did not so far"]),
        (FIREWALL, "create", None,
         {"name": "a", "allow": [{"protocol": "tcp"}], "source_ranges": ["10.0.0.0/7"]},
         ["public-access: open to the whole internet"]),
        (FIREWALL, "create", None,
         {"name": "a", "allow": [{"protocol": "tcp"}], "source_ranges": ["10.0.0.0/x"]},
         ["public-access: open to the whole internet"]),
        (FIREWALL, "create", None, {"name": "a", "deny": [{"protocol": "tcp"}]},
         ["access-denied: made to hold back what VMs or the scheduler may need to send or to "
          "receive"]),
        (FIREWALL, "create", None, {"name": "a", "deny": [{"protocol": "tcp"}], "disabled": True},
         ["unjudged: new, with `deny.protocol`, `disabled`, `name`"]),
        (FIREWALL, "update", {"disabled": False}, {"disabled": True},
         ["unjudged: switched off, or changed while it is"]),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """What is let through and what is held back, with what that does."""
    assert said == told(planned(kind, actions, before, after))
