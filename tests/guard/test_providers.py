"""Which providers act, and what is set up in them."""

import pytest

from tests.plans.cases import PROJECT, Json
from tests.plans.judged import judged, rules, told
from tests.plans.made import change, made_up

GOOGLE = "registry.opentofu.org/hashicorp/google"


def _plan(arguments: Json, **more: object) -> Json:
    provider = {"name": "google", "full_name": GOOGLE, "expressions": arguments, **more}
    configuration = {"provider_config": {"google": provider}, "root_module": {}}
    return {**made_up(), "configuration": configuration}


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"project": {"constant_value": PROJECT}},
        {"project": {"constant_value": PROJECT}, "region": {"constant_value": "us-west1"},
         "zone": {"constant_value": "us-west1-a"},
         "default_labels": {"constant_value": {"env": "dev", "team": "ml"}}},
        {"batching": [{"send_after": {"constant_value": "50ms"}}]},
    ],
)  # fmt: skip
def test_what_the_stack_writes(arguments: Json) -> None:
    """A project, places and labels; and how requests are sent, as a rehearsal does."""
    verdict = judged(_plan(arguments))

    assert ((), ()) == (verdict.blocking, verdict.notable)


def test_a_token_that_is_none() -> None:
    """What is tried without an account has one of a few letters, with which nobody acts."""
    assert ["provider-unjudged: the provider `google` is set up with `access_token`"] == told(
        _plan({"access_token": {"constant_value": "x"}})
    )


def test_the_built_in_provider_of_a_module() -> None:
    """It is at hand everywhere, and acts on nothing but the state."""
    plan = _plan({}, full_name="terraform.io/builtin/terraform", module_address="module.m")

    assert [] == told(plan)


@pytest.mark.parametrize(
    "arguments",
    [
        {"impersonate_service_account": {"constant_value": "x@y.iam.gserviceaccount.com"}},
        {"impersonate_service_account_delegates": {"constant_value": ["x"]}},
        {"compute_custom_endpoint": {"constant_value": "https://example.com/compute/v1/"}},
        {"credentials": {}},
        {"access_token": {"references": ["var.token"]}},
        {"access_token": {"constant_value": "ya29.a0AfB-byCnotatokenatall"}},
        {"external_credentials": [{"audience": {"constant_value": "x"}}]},
        {"billing_project": {"constant_value": "other"}},
        {"user_project_override": {"constant_value": True}},
        {"universe_domain": {"constant_value": "example.com"}},
        {"project": {"constant_value": "eng-ai-prod"}},
    ],
)
def test_what_decides_who_acts(arguments: Json) -> None:
    """As somebody else, at another Google, or at the cost of another project."""
    (found,) = judged(_plan(arguments)).blocking

    assert "provider-diverted" == found.rule
    assert all(f"`{key}`" in found.what for key in arguments)
    assert "example.com" not in found.what


@pytest.mark.parametrize(
    "arguments",
    [
        {"add_terraform_attribution_label": {"constant_value": False}},
        {"request_timeout": {"constant_value": "1s"}},
        {"project": {"references": ["var.project"]}},
        {"default_labels": {"references": ["var.labels"]}},
        {"default_labels": {"constant_value": {"a": "ya29." + "x" * 40}}},
        {"default_labels": {"constant_value": {"a": 1}}},
        {"what_is_new": {"constant_value": 1}},
    ],
)
def test_what_nobody_has_judged(arguments: Json) -> None:
    """It is told, and does not block."""
    verdict = judged(_plan(arguments))

    assert ((), ("provider-unjudged",)) == (rules(verdict.blocking), rules(verdict.notable))


@pytest.mark.parametrize("more", [{"alias": "other"}, {"module_address": "module.m"}])
def test_a_provider_beside_the_usual_one(more: Json) -> None:
    """What it is set up with may be the same, and what is made by it is not seen."""
    verdict = judged(_plan({}, **more))

    assert ((), ("provider-unjudged",)) == (rules(verdict.blocking), rules(verdict.notable))


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        (GOOGLE, ()),
        ("registry.terraform.io/hashicorp/random", ()),
        ("registry.opentofu.org/somebody/google", ("provider-foreign",)),
        ("example.com/hashicorp/google", ("provider-foreign",)),
    ],
)
def test_a_provider_that_makes_nothing(source: str, blocks: tuple[str, ...]) -> None:
    """It is started as well, and is a program."""
    assert blocks == rules(judged(_plan({}, full_name=source)).blocking)


DIVERTED = "and acts as somebody else, elsewhere, or at the cost of another project"


@pytest.mark.parametrize(
    ("arguments", "more", "said"),
    [
        ({"project": {"constant_value": "other"}, "scopes": {"constant_value": ["x"]}}, {},
         ["provider-diverted: the provider `google` is set up with `project`, `scopes`, "
          f"{DIVERTED}"]),
        ({"credentials": {}, "request_timeout": {}}, {},
         [f"provider-diverted: the provider `google` is set up with `credentials`, {DIVERTED}",
          "provider-unjudged: the provider `google` is set up with `request_timeout`"]),
        # What it is set up with says enough.
        ({"credentials": {}}, {"alias": "other"},
         [f"provider-diverted: the provider `google` is set up with `credentials`, {DIVERTED}"]),
        ({}, {"alias": "other"},
         ["provider-unjudged: `google` is another provider beside the stack's: see which resources "
          "it makes"]),
        ({"region": {"constant_value": 5}}, {},
         ["provider-unjudged: the provider `google` is set up with `region`"]),
        ({"default_labels": {"constant_value": ["a"]}}, {},
         ["provider-unjudged: the provider `google` is set up with `default_labels`"]),
        ({"default_labels": {"constant_value": {"hf_canary8c2d51e6a907": "a"}}}, {},
         ["provider-unjudged: the provider `google` is set up with `default_labels`"]),
    ],
)  # fmt: skip
def test_what_is_told(arguments: Json, more: Json, said: list[str]) -> None:
    """By the names of the arguments, and never by their values."""
    assert said == told(_plan(arguments, **more))


FOREIGN = "registry.opentofu.org/somebody/google"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("google_pubsub_topic", "provider-foreign"),
        ("null_resource", "provider-foreign"),
        ("random_id", "provider-foreign"),
        # What has types of its own passes for nothing else.
        ("aws_iam_policy", "provider-unjudged"),
    ],
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_provider_that_makes_something(kind: str, rule: str, listed: bool) -> None:
    """It is told once, by the first that it makes, whatever that is and whatever becomes of it."""
    entries = [{**change(kind, ["no-op"], {}, {}, name), "provider_name": FOREIGN} for name in "ab"]
    plan = {**made_up(*entries), **({} if not listed else {"configuration": _plan(
        {}, full_name=FOREIGN)["configuration"]})}  # fmt: skip

    assert [f"{rule}: `{kind}.a` is made by `{FOREIGN}`, not by the stack's provider"] == [
        one for one in told(plan) if not one.startswith("plan-")
    ]


def test_a_provider_that_is_only_started() -> None:
    """It is named; one of which nothing is told is none."""
    started = f"provider-foreign: `{FOREIGN}` is started, which is not the stack's provider"

    assert [started] == told(_plan({}, full_name=FOREIGN))
    assert [] == told(_plan({}, full_name=""))
