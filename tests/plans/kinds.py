"""A small deployment and a change for every kind of action that a plan can have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fake_google import FakeGoogle
from pipeline_zen.rehearsal import Deployment
from tests.plans.cases import PROJECT, SCRIPT, TEMPLATE, TOPIC, VERSION, Json, base

CANARY = "hf_canary8c2d51e6a907"


@dataclass(frozen=True)
class Kind:
    """What is applied, what happens meanwhile, and what is planned then."""

    before: Json
    after: Json
    meanwhile: Callable[[FakeGoogle, Deployment], object] | None = None
    options: tuple[str, ...] = ()
    fails: bool = False
    """Whether OpenTofu cannot plan all of it."""


def _stack(resources: Json, **more: Any) -> Json:
    head = {key: value for key, value in base().items() if key != "resource"}
    return {**head, **({"resource": resources} if resources else {}), **more}


def _topic(name: str, **arguments: Any) -> Json:
    return {"project": PROJECT, "name": f"jobs-{name}", **arguments}


def _topics(**topics: Json) -> Json:
    return {TOPIC: topics}


def _resized(google: FakeGoogle, deployment: Deployment) -> None:
    """The scheduler raises a group, and somebody labels a topic by hand."""
    del deployment
    for path in google.groups():
        google.resize(path, 3)
    store = google.store.dump()
    for topic in store["kinds"]["pubsub.topics"].values():
        topic["labels"] = {**topic.get("labels", {}), "by": "hand"}
    google.store.load(store)


def _deposed(google: FakeGoogle, deployment: Deployment) -> None:
    """A replacement that could not delete the old template."""
    del google
    import json

    state = json.loads(deployment.state.read_text(encoding="utf-8"))
    for resource in state["resources"]:
        if resource["type"] == TEMPLATE:
            old = {**resource["instances"][0], "deposed": "a1b2c3d4"}
            resource["instances"].append(old)
    state["serial"] += 1
    deployment.state.write_text(json.dumps(state), encoding="utf-8")


_TEMPLATE = base()["resource"][TEMPLATE]["calm"]
_GROUP = {**base()["resource"]["google_compute_region_instance_group_manager"]["calm"]}
_FLEET = {
    TEMPLATE: {"calm": _TEMPLATE},
    "google_compute_region_instance_group_manager": {"calm": _GROUP},
}
_KEPT = {"lifecycle": {"destroy": False}}
_SECRETS = {
    "google_secret_manager_secret": {
        "config": base()["resource"]["google_secret_manager_secret"]["config"]
    },
    VERSION: {"config": {**base()["resource"][VERSION]["config"], "secret_data": "${var.token}"}},
}
_TOKEN = {"variable": {"token": {"sensitive": True, "default": CANARY}}}
_PLAIN = {"variable": {"plain": {"default": CANARY}}}
_SCRIPTED = {**_TEMPLATE, "name": "jobs-8xv100-d-tpl", "metadata": {
    "startup-script": SCRIPT.replace("8xv100", "8xv100 --fast"), "HF_TOKEN": CANARY,
    "PZ_ENV": "dev"}}  # fmt: skip

KINDS = {
    "create": Kind(_stack({}, output={"a": {"value": "1"}}),
        _stack(_topics(a=_topic("a"), b=_topic("b")), output={"a": {"value": "1"}}),
    ),
    "update": Kind(
        _stack(_topics(a=_topic("a"), b=_topic("b"))),
        _stack(_topics(a=_topic("a", labels={"x": "1"}), b=_topic("b", labels={"x": "1"}))),
    ),
    "replace": Kind(_stack(_topics(a=_topic("a"))), _stack(_topics(a=_topic("b")))),
    "replace-new-first": Kind(
        _stack({TEMPLATE: {"calm": _TEMPLATE}}), _stack({TEMPLATE: {"calm": _SCRIPTED}})
    ),
    "delete": Kind(_stack(_topics(a=_topic("a"), b=_topic("b"))), _stack(_topics(a=_topic("a")))),
    "forget": Kind(
        _stack(_topics(a=_topic("a"), b=_topic("b", **_KEPT))), _stack(_topics(a=_topic("a")))
    ),
    "forget-create": Kind(
        _stack(_topics(a=_topic("a", **_KEPT))), _stack(_topics(a=_topic("c", **_KEPT)))
    ),
    "import": Kind(
        _stack(_topics(a=_topic("a"), b=_topic("b", **_KEPT))),
        _stack(
            _topics(a=_topic("a"), c=_topic("b")),
            **{
                "import": [{"to": f"{TOPIC}.c", "id": f"projects/{PROJECT}/topics/jobs-b"}],
                "removed": [{"from": f"{TOPIC}.b", "lifecycle": {"destroy": False}}],
            },
        ),
    ),
    "move": Kind(
        _stack(_topics(a=_topic("a"))),
        _stack(_topics(b=_topic("a")), moved=[{"from": f"{TOPIC}.a", "to": f"{TOPIC}.b"}]),
    ),
    "deposed": Kind(
        _stack({TEMPLATE: {"calm": _TEMPLATE}}), _stack({TEMPLATE: {"calm": _TEMPLATE}}), _deposed
    ),
    "read": Kind(
        _stack(_topics(a=_topic("a"))),
        _stack(
            _topics(a=_topic("a"), b=_topic("b")),
            data={TOPIC: {"b": {"project": PROJECT, "name": "${google_pubsub_topic.b.name}",
                                "depends_on": [f"{TOPIC}.b"]}}},
        ),
    ),
    "no-op": Kind(_stack(_topics(a=_topic("a"))), _stack(_topics(a=_topic("a")))),
    "drift": Kind(
        _stack({**_FLEET, **_topics(a=_topic("a"))}),
        _stack({**_FLEET, **_topics(a=_topic("a"))}),
        _resized,
    ),
    "outputs": Kind(
        _stack(_topics(a=_topic("a")), output={"a": {"value": "1"}, "b": {"value": "2"}}),
        _stack(
            _topics(a=_topic("a")),
            output={"a": {"value": CANARY}, "c": {"value": CANARY, "sensitive": True}},
        ),
    ),
    "errored": Kind(
        _stack(_topics(a=_topic("a", lifecycle={"prevent_destroy": True}), b=_topic("b"))),
        _stack(_topics(
            a=_topic("c", lifecycle={"prevent_destroy": True}),
            b=_topic("b", labels={"x": "1"}))),
        fails=True,
    ),
    "incomplete": Kind(
        _stack(_topics(a=_topic("a"), b=_topic("b"))),
        _stack(_topics(a=_topic("a", labels={"x": "1"}), b=_topic("b", labels={"x": "1"}))),
        options=(f"-target={TOPIC}.a",),
    ),
    "sensitive": Kind(
        _stack(_SECRETS, **_TOKEN),
        _stack(
            {
                **_SECRETS,
                **_topics(a=_topic("a", labels={"token": "${var.plain}", "note": "${var.token}"})),
            },
            variable={
                "token": {"sensitive": True, "default": f"{CANARY}2"},
                **_PLAIN["variable"],
            },
            output={"t": {"value": "${var.token}", "sensitive": True}},
        ),
    ),
}  # fmt: skip
