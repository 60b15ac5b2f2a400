"""What runs on the machine that applies."""

from typing import Any

import pytest

from tests.plans.cases import Json
from tests.plans.judged import judged, rules
from tests.plans.made import change, made_up

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
