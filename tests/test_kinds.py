"""The table of resource types: whole, and told the same way as the provider and Google tell it."""

import json
import string
from pathlib import Path

import pytest

from pipeline_zen import kinds
from pipeline_zen.settings import load
from tests.conftest import ENVIRONMENTS, ROOT, Checkout, Stack, stack_text

EVERYTHING = """
quota_preferences: {contact_email: a@b.example}
scheduler:
  member: serviceAccount:scheduler-zen-sa@eng-ai-dev.iam.gserviceaccount.com
  create_account: true
  create_heartbeat_subscription: true
"""
"""The sections that the tests' settings do without."""


@pytest.fixture
def everything(checkout: Checkout, tmp_path: Path) -> Stack:
    """Dev with every section."""
    from pipeline_zen.stack import synth

    text = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
    checkout.write("config/dev.yaml", text + EVERYTHING)
    synth(load(checkout.root, ["dev"]), tmp_path / "out")
    stack: Stack = json.loads(stack_text(tmp_path / "out", "dev"))
    return stack


@pytest.mark.node
def test_every_type_of_the_stacks_has_a_row(stacks: dict[str, Stack], everything: Stack) -> None:
    """A construct of a new type is not whole without it."""
    used = {type_ for stack in stacks.values() for type_ in stack["resource"]}
    used |= set(everything["resource"])

    assert set() == used - kinds.KINDS.keys()


@pytest.mark.node
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_rows_name_what_the_stacks_have(environment: str, stacks: dict[str, Stack]) -> None:
    """Name, place, what a grant is on and what an import id is made of are arguments."""
    for type_, resources in stacks[environment]["resource"].items():
        kind = kinds.of(type_)
        named = {name for _, name, _, _ in string.Formatter().parse(kind.import_id) if name}
        named |= {kind.name, kind.place, kind.on.attribute if kind.on else ""} - {""}
        for id_, arguments in resources.items():
            assert named <= arguments.keys(), f"{type_}.{id_}"


def test_a_type_is_imported_or_made_anew() -> None:
    """What may be made twice needs no identity."""
    for kind in kinds.KINDS.values():
        assert not (kind.repeatable and kind.import_id), kind.type


def test_what_takes_it_away_is_a_method_of_google() -> None:
    """A misspelt one would never be seen in a rehearsal."""
    for method in kinds.LOSSES:
        (document,) = (ROOT / "constructs/fake_google/discovery").glob(f"{method.split('.')[0]}.*")
        described = json.loads(document.read_text(encoding="utf-8"))["methods"]
        assert method.partition(".")[2] in described, method
