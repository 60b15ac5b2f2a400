"""What runs on the machine that applies."""

from typing import Any

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules
from tests.plans.judged import told as told_of
from tests.plans.made import change, made_up, service

CANARY = "hf_canary8c2d51e6a907"


def _with_program(actions: list[str], kind: str = "terraform_data") -> Json:
    entry = change(kind, actions, None if actions == ["create"] else {}, {})
    command = {"constant_value": f"curl -H 'Authorization: Bearer {CANARY}' https://example.com"}
    provisioner = {"type": "local-exec", "expressions": {"command": command}}
    resource = {"address": entry["address"], "mode": "managed", "provisioners": [provisioner]}
    return {**made_up(entry), "configuration": {"root_module": {"resources": [resource]}}}


@pytest.mark.parametrize("actions", [["create"], ["delete"], ["delete", "create"]])
@pytest.mark.parametrize("kind", ["terraform_data", "google_pubsub_topic"])
def test_a_program(actions: list[str], kind: str) -> None:
    """Whatever it belongs to, it is told with its command, but not with what is secret in it."""
    (told,) = [
        one for one in judged(_with_program(actions, kind)).blocking if one.rule == "runs-program"
    ]

    assert "curl" in told.what
    assert CANARY not in told.what


def test_a_program_that_does_not_run() -> None:
    """Where nothing is made and nothing goes, nothing runs."""
    assert () == judged(_with_program(["update"])).blocking


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("external", ("runs-program",)),
        ("google_secret_manager_secret_version", ("unjudged",)),
        ("google_service_account_access_token", ("unjudged",)),
        ("google_pubsub_topic", ()),
    ],
)
def test_what_is_read_by_the_apply(kind: str, told: tuple[str, ...]) -> None:
    """A program runs, and a secret comes into the state, where it is only read as well."""
    entry = {**change(kind, ["read"], None, {}), "mode": "data"}
    verdict = judged(made_up(entry))

    assert told == rules((*verdict.blocking, *verdict.notable))


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        ("registry.opentofu.org/hashicorp/google", ()),
        ("registry.terraform.io/hashicorp/google-beta", ()),
        ("registry.opentofu.org/evil/google", ("provider-foreign",)),
        ("evil.example/hashicorp/google", ("provider-foreign",)),
    ],
)
def test_another_provider(provider: str, told: tuple[str, ...]) -> None:
    """It is another program, also where it changes nothing."""
    values: dict[str, Any] = {"name": "t"}
    entry = {**change("google_pubsub_topic", ["no-op"], values, values), "provider_name": provider}

    assert told == rules(judged(made_up(entry)).blocking)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("delete_because_no_resource_config", ("removal-unseen",)),
        ("delete_because_no_module", ("removal-unseen",)),
        ("delete_because_each_key", ()),
        ("", ()),
    ],
)
@pytest.mark.parametrize("policy", [None, "ABANDON"])
def test_what_a_removed_block_may_run(
    reason: str, told: tuple[str, ...], policy: str | None
) -> None:
    """No plan tells of such a block; what is still configured has its programs there."""
    values = {"service": "s", "disable_on_destroy": False, "deletion_policy": policy}
    entry = {**change("google_project_service", ["delete"], values, None), "action_reason": reason}
    there = [change("google_project_service", ["no-op"], values, values, f"s{n}") for n in range(9)]
    verdict = judged(made_up(*there, entry))
    kept = ("forgotten",) if policy else ()

    assert ((), tuple(sorted((*kept, *told)))) == (rules(verdict.blocking), rules(verdict.notable))


def test_what_is_let_go_runs_nothing() -> None:
    """A `removed` block that destroys nothing has no use for a program."""
    entry = change("google_project_service", ["forget"], {"service": "s"}, None)
    reason = {"action_reason": "forgot_because_lifecycle_destroy_in_config"}

    assert ("forgotten",) == rules(judged(made_up({**entry, **reason})).notable)


@pytest.mark.parametrize("kind", ["google_pubsub_topic", "null_resource", "terraform_data"])
@pytest.mark.parametrize("type_", ["local-exec", "remote-exec", "file"])
@pytest.mark.parametrize("actions", [["create"], ["delete"], ["create", "delete"]])
def test_any_program_of_any_resource(kind: str, type_: str, actions: list[str]) -> None:
    """It runs as the resource is made, or goes."""
    entry = change(kind, actions, {"name": "a"}, {"name": "b"})
    one = {"address": entry["address"], "mode": "managed", "type": kind,
           "provisioners": [{"type": type_, "expressions": {}}]}  # fmt: skip
    plan = {**made_up(entry), "configuration": {"root_module": {"resources": [one]}}}

    assert "runs-program" in rules(judged(plan).blocking)


@pytest.mark.parametrize("actions", [["no-op"], ["update"]])
def test_a_program_that_waits(actions: list[str]) -> None:
    """It does not run by this plan, and stays in the configuration until it does."""
    entry = change("google_pubsub_topic", actions, {"name": "a"}, {"name": "a"})
    one = {"address": entry["address"], "mode": "managed", "type": "google_pubsub_topic",
           "provisioners": [{"type": "local-exec", "expressions": {}}]}  # fmt: skip
    plan = {**made_up(entry), "configuration": {"root_module": {"resources": [one]}}}
    without = {**made_up(entry), "configuration": {"root_module": {"resources": [
        {**one, "provisioners": []}]}}}  # fmt: skip

    assert ("unjudged",) == rules(judged(plan).notable)
    assert () == judged(without).notable


def _run_by(kind: str, actions: list[str]) -> Json:
    entry = change(kind, actions, None if actions == ["create"] else {}, {})
    provisioners = [
        {"type": "local-exec", "expressions": {"command": {"constant_value": command}}}
        for command in ("run", "walk")
    ]
    one = {"address": entry["address"], "mode": "managed", "provisioners": provisioners}
    return {**made_up(entry), "configuration": {"root_module": {"resources": [one]}}}


COMMANDS = 'local-exec: "run"; local-exec: "walk"'


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (["create"], [f"runs-program: runs on the machine that applies: {COMMANDS}"]),
        (["delete", "create"], [f"runs-program: runs on the machine that applies: {COMMANDS}"]),
        (["update"], [f"unjudged: has what runs once it is made anew, or goes: {COMMANDS}"]),
        (["no-op"], [f"unjudged: has what runs once it is made anew, or goes: {COMMANDS}"]),
    ],
)
def test_what_is_told_of_programs(actions: list[str], said: list[str]) -> None:
    """Each command, and whether it runs now or later."""
    assert said == told_of(_run_by("null_resource", actions))


@pytest.mark.parametrize(
    ("number", "named"),
    [(1, "`{0}0`"), (3, "`{0}0`, `{0}1`, `{0}2`"), (4, "`{0}0`, `{0}1`, `{0}2` …")],
)
def test_how_many_a_removed_block_may_run_for(number: int, named: str) -> None:
    """They are named as far as somebody reads; of what stays there is nothing to say."""
    reason = {"action_reason": "delete_because_no_resource_config"}
    there = [service(n, ["no-op"]) for n in range(10, 30)]
    gone = [{**service(n, ["delete"]), **reason} for n in range(number)]
    stays = {**service(9, ["update"]), **reason}
    names = named.format("google_project_service.s")

    assert [
        f"removal-unseen: {number} that the configuration no longer has are destroyed: {names}"
    ] == told_of(made_up(*there, stays, *gone))


@pytest.mark.parametrize(
    ("written", "after", "marks", "found"),
    [
        ({"constant_value": "x"}, "x", {}, ()),
        ({"constant_value": 5}, 5, {}, ()),
        ({"references": ["google_pubsub_topic.t.id", "google_pubsub_topic.t"]}, None, {}, ()),
        ({"references": ["var.name"]}, "x", {}, ()),
        ({"constant_value": "${google_pubsub_topic.t.id}",
          "references": ["google_pubsub_topic.t.id"]}, None, {}, ()),
        ({"constant_value": CANARY}, CANARY, {}, ("unjudged",)),
        ({}, "x", {}, ("unjudged",)),
        ({"constant_value": '${file("x")}'}, "x", {}, ("unjudged",)),
        ({"references": ["path.module"]}, "x", {}, ("unjudged",)),
        ({"references": ["var.token"]}, "x", {"input": True}, ("unjudged",)),
        ({"constant_value": "${x.y}${var.z}", "references": ["x.y", "var.z"]}, None, {},
         ("unjudged",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["terraform_data", "null_resource"])
def test_what_is_kept_in_the_state(
    kind: str, written: Json, after: Any, marks: Json, found: tuple[str, ...]
) -> None:
    """It is told where it may be a secret: marked, computed, or looking like one."""
    entry = change(kind, ["create"], None, {"input": after})
    entry["change"]["after_unknown"] = {"id": True, "output": True}
    if after is None:
        entry["change"]["after_unknown"]["input"] = True
    entry["change"]["after_sensitive"] = marks
    resource = {"address": entry["address"], "mode": "managed", "expressions": {"input": written}}
    plan = {**made_up(entry), "configuration": {"root_module": {"resources": [resource]}}}

    verdict = judged(plan)

    assert ((), found) == (rules(verdict.blocking), rules(verdict.notable))
    assert CANARY not in str(verdict)


def test_what_is_kept_without_a_configuration() -> None:
    """Nobody knows how it is written, and it looks like a secret."""
    plan = made_up(change("terraform_data", ["create"], None, {"input": CANARY}))

    assert ("unjudged",) == rules(judged(plan).notable)
