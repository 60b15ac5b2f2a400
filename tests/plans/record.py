"""
Records the plans of `catalogue.py` and of every kind of action, with real OpenTofu: `make plans`.

What changes from run to run is made the same: addresses of the fake Google and times. Of the
cases only what changes is kept, of the kinds everything.
"""

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from fake_google import FakeGoogle
from pipeline_zen.plan import config_address
from pipeline_zen.rehearsal import Deployment
from pipeline_zen.tofu import TofuError
from tests.plans import kinds
from tests.plans.cases import GROUP, SUBSCRIPTION, TEMPLATE, TOPIC, Json, base
from tests.plans.catalogue import CASES

HERE = Path(__file__).parent
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def main(only: list[str]) -> None:
    """Record those named, or all."""
    with tempfile.TemporaryDirectory() as folder:
        cases = [case for case in CASES if not only or case.name in only]
        if cases:
            _record_cases(Path(folder) / "cases", cases)
        for name, kind in kinds.KINDS.items():
            if not only or name in only:
                _save(f"kind-{name}", _kind(Path(folder) / name, kind))


def _record_cases(root: Path, cases: list[Any]) -> None:
    with FakeGoogle(switched_on=True) as google:
        deployment = _deployment(google, root)
        _put(deployment, base())
        deployment.init()
        deployment.plan()
        deployment.apply()
        for path in google.groups():
            google.resize(path, 2)
        store, state = google.store.dump(), deployment.state.read_bytes()
        for case in cases:
            google.store.load(store)
            deployment.state.write_bytes(state)
            _put(deployment, case.edited())
            deployment.plan()
            plan = deployment.show_json()
            _save(f"case-{case.name}", _pruned(plan))
            print(case.name)  # noqa: T201 - a script


def _kind(root: Path, kind: kinds.Kind) -> Json:
    with FakeGoogle(switched_on=True) as google:
        deployment = _deployment(google, root)
        _put(deployment, kind.before)
        deployment.init()
        deployment.plan()
        deployment.apply()
        if kind.meanwhile:
            kind.meanwhile(google, deployment)
        _put(deployment, kind.after)
        deployment.init()
        try:
            deployment.plan(*kind.options)
        except TofuError:
            if not kind.fails:
                raise
        return deployment.show_json()


def _deployment(google: FakeGoogle, root: Path) -> Deployment:
    shutil.rmtree(root, ignore_errors=True)
    return Deployment(google, root, "dev")


def _put(deployment: Deployment, stack: Json) -> None:
    (deployment.folder / "cdk.tf.json").write_text(json.dumps(stack, indent=2), encoding="utf-8")


def _pruned(plan: Json) -> Json:
    """What changes, and is written for that, with the templates of groups and topics of queues."""
    changes = plan.get("resource_changes", [])
    changed = [change for change in changes if change["change"]["actions"] != ["no-op"]]
    on = {GROUP: TEMPLATE, SUBSCRIPTION: TOPIC}
    beside = {on.get(change["type"]) for change in changed}
    kept = [one for one in changes if one in changed or one["type"] in beside]
    addresses = {config_address(one["address"]) for one in kept}
    module = plan["configuration"]["root_module"]
    written = [one for one in module.get("resources", []) if one["address"] in addresses]
    configuration = {"configuration": {"root_module": {"resources": written}}}
    return configuration | {
        key: kept if key == "resource_changes" else value
        for key, value in plan.items()
        if key not in ("configuration", "prior_state", "planned_values", "resource_drift")
    } | {"planned_values": {"root_module": {}}}  # fmt: skip


def _save(name: str, plan: Json) -> None:
    text = json.dumps(plan, indent=1, sort_keys=True)
    text = re.sub(r"127\.0\.0\.1:\d+", "googleapis.example", text)
    text = TIME.sub("2026-01-01T00:00:00Z", text)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
