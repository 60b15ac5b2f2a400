"""The editor knows of `config/allow.yaml` what the guard knows: both get the same mistakes."""

import json
from datetime import date

import jsonschema
import pytest
import yaml

from pipeline_zen.guard import allow_schema, allowances
from pipeline_zen.settings import SettingsError
from tests.conftest import Checkout
from tests.settings import yaml12

TODAY = date(2026, 12, 1)
SCHEMA = json.loads(allow_schema())
SOUND = """\
dev:
  - finding: group-deleted
    address: google_compute_region_instance_group_manager.pipeline-zen-jobs-*-us-west3-mig
    seen: "0123abcd"
    reason: nobody gets capacity there
    until: 2026-12-07
"""

MISTAKES = {
    "nothing wrong": (SOUND, SOUND),
    "no allowance": (SOUND, "dev:\n"),
    "not a list": ("  - finding: group-deleted\n", "  finding: group-deleted\n"),
    "unknown key": ("    reason:", "    because: x\n    reason:"),
    "a key missing": ("    reason: nobody gets capacity there\n", ""),
    "no such finding": ("group-deleted", "group-deletd"),
    "a finding that never blocks": ("group-deleted", "group-added"),
    "an address of no type": ("google_compute_region_instance_group_manager.", ""),
    "an address of every type": ("google_compute_region_instance_group_manager.", "*."),
    "an address of all of a type": ("pipeline-zen-jobs-*-us-west3-mig", "*"),
    "an address of nearly all of a type": ("pipeline-zen-jobs-*-us-west3-mig", "'*-*'"),
    "an address of a letter": ("pipeline-zen-jobs-*-us-west3-mig", "'*e*'"),
    "a digest that is none": ('"0123abcd"', '"0123"'),
    "no digest": ('    seen: "0123abcd"\n', ""),
    "one word for a reason": ("nobody gets capacity there", "because"),
    "a number for a reason": ("nobody gets capacity there", "5"),
    "no day": ("2026-12-07", "soon"),
    "too far ahead": ("2026-12-07", "2027-12-07"),
    "a day that is none": ("2026-12-07", "2026-12-37"),
    "no such environment": ("dev:", "deev:"),
    "the same twice": (SOUND, SOUND + SOUND.removeprefix("dev:\n")),
}

DIFFERENT = {
    "too far ahead": "a schema does not know today",
    "a day that is none": "a schema has no calendar",
    "no such environment": "a schema does not see the other files",
}
"""The mistakes that only the guard finds, each with the reason."""


def _editor_finds(text: str) -> bool:
    try:
        return not jsonschema.Draft202012Validator(SCHEMA).is_valid(yaml12.read(text))
    except yaml.YAMLError:
        return True


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes(mistake: str, checkout: Checkout) -> None:
    """Both find a mistake, or there is a reason why the editor cannot."""
    text = SOUND.replace(*MISTAKES[mistake])
    checkout.write("config/allow.yaml", text)
    found = False
    try:
        allowances(checkout.root, "dev", TODAY)
    except SettingsError:
        found = True

    assert found == (mistake not in ("nothing wrong", "no allowance"))
    assert _editor_finds(text) == (found and mistake not in DIFFERENT), DIFFERENT.get(mistake)
