"""What a stack stands on without making it, and every optional section through a rehearsal."""

import json
from pathlib import Path

import pytest

from pipeline_zen import rehearsal
from pipeline_zen.rehearsal.ground import needed
from pipeline_zen.settings import load
from pipeline_zen.settings.model import EnvironmentFile
from tests.conftest import Checkout, stack_text
from tests.small_fleet import FLEET, shrink

MEMBER = "serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com"

SECTIONS = {
    "scheduler": f"scheduler: {{member: '{MEMBER}'}}",
    "quota_preferences": "quota_preferences: {contact_email: a@b.example}",
    "local": "local: {clusters: [1xlocal, 2xlocal]}",
    "delivery": "delivery: {ack_deadline_seconds: 120, retention_days: 2}",
    "labels": "labels: {team: ai}",
    "lint": "",
}
"""The sections of an environment's file that need not be there, as a user would write them."""

OWN = (
    f"scheduler: {{member: '{MEMBER}', create_account: true, create_heartbeat_subscription: true}}"
)
"""The scheduler's account and subscriptions made here."""


def _with(checkout: Checkout, *sections: str) -> Checkout:
    shrink(checkout, FLEET.replace("    regions:", "    max_vms: {1: 2}\n    regions:"))
    lines = [
        line
        for line in (checkout.root / "config/dev.yaml").read_text(encoding="utf-8").splitlines()
        if not line.startswith(("local:", "  clusters:"))
    ]
    checkout.write("config/dev.yaml", "\n".join([*lines, *sections]) + "\n")
    return checkout


@pytest.mark.node
@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("", []),
        (OWN, []),
        (
            SECTIONS["scheduler"],
            [
                "projects/eng-ai-dev/serviceAccounts/"
                "scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com",
                "projects/eng-ai-dev/subscriptions/pipeline-zen-jobs-heartbeats-scheduler",
            ],
        ),
    ],
)
def test_what_belongs_to_somebody_else(
    section: str, names: list[str], checkout: Checkout, tmp_path: Path
) -> None:
    """The scheduler's account and subscription are there, unless they are made here."""
    from pipeline_zen.stack import synth

    synth(load(_with(checkout, section).root, ["dev"]), tmp_path / "out")

    stack = json.loads(stack_text(tmp_path / "out", "dev"))
    assert names == sorted({thing.name for thing in needed(stack)})


def test_every_optional_section_is_walked() -> None:
    """A new section of the settings that need not be there has a line above."""
    optional = {
        name
        for name, field in EnvironmentFile.model_fields.items()
        if not field.is_required() and isinstance(field.default, dict | None)
    }

    assert optional - SECTIONS.keys() <= {"state_lineage"}


@pytest.mark.slow
@pytest.mark.tofu
@pytest.mark.node
@pytest.mark.parametrize("sections", [list(SECTIONS.values()), [OWN]], ids=["all", "own"])
def test_a_rehearsal_with_every_section(sections: list[str], tofu: str, checkout: Checkout) -> None:
    """It applies from nothing, and settles."""
    assert tofu
    (settings,) = load(_with(checkout, *sections).root, ["dev"])

    outcome = rehearsal.from_nothing(settings, checkout.root, lambda *_: None)

    assert outcome.resources > 40
