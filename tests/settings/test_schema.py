"""The editor knows what `check` knows: both are given the same mistakes."""

import json

import jsonschema
import pytest
import yaml

from pipeline_zen.settings import SettingsError, examine, json_schema
from tests.conftest import Checkout
from tests.settings import yaml12
from tests.settings.lint.cases import CASES, edit
from tests.settings.mistakes import PROBLEMS
from tests.settings.small import TODAY, file_of

SCHEMA = json.loads(json_schema())

TWO_SETTINGS = "whether a cluster or a bucket is there is said elsewhere in the file"
TWO_FILES = "each file is a part: what is missing in one may be in the other"
ONE_CLUSTER = "which capacity a cluster has is said by its number of GPUs, not by its place"
NAME_OF_THE_FILE = "the name of the environment is that of its file"
LONG = "names are made of several settings, and their length is what counts"
VERSION = "VERSION is no YAML"
TEXTS = "to JSON every name is a text, in quotes or not"
OLDER_YAML = "to the editor's newer YAML it is an ordinary number or name"
TWICE = "the editor's YAML finds it before any schema"

DIFFERENT = {
    "bucket-name-too-long": LONG,
    "capacity-of-no-cluster": TWO_SETTINGS,
    "fleet-name-too-long": LONG,
    "flex-start-of-a-cluster": ONE_CLUSTER,
    "gpus-as-text": TEXTS,
    "key-given-twice": TWICE,
    "key-that-is-a-word-of-yaml": OLDER_YAML,
    "local-cluster-is-rented": TWO_SETTINGS,
    "middle-eastern-region-without-results-bucket": TWO_SETTINGS,
    "missing-setting": TWO_FILES,
    "no-fleets-left": TWO_FILES,
    "octal-number": OLDER_YAML,
    "project-of-another-environment": NAME_OF_THE_FILE,
    "region-without-results-bucket": TWO_SETTINGS,
    "reservation-of-a-cluster-without-a-name": ONE_CLUSTER,
    "reservation-of-gpus-as-text": TEXTS,
    "scheduler-of-another-environment": NAME_OF_THE_FILE,
    "scheduler-that-is-made-and-another": NAME_OF_THE_FILE,
    "reservation-bound-with-an-end": ONE_CLUSTER,
    "section-given-twice": TWICE,
    "version-empty": VERSION,
    "version-with-a-word": VERSION,
}
"""The mistakes that only `check` finds, each with the reason."""


def _found_by_schema(text: str) -> bool:
    try:
        settings = yaml12.read(text)
    except (yaml.YAMLError, RecursionError):
        return True
    return not jsonschema.Draft202012Validator(SCHEMA).is_valid(settings or {})


def _found_by_check(checkout: Checkout) -> bool:
    try:
        examine(checkout.root, ["dev"], today=TODAY)
    except SettingsError:
        return True
    return False


def _editor_finds(checkout: Checkout) -> bool:
    return any(
        _found_by_schema((checkout.root / file).read_text(encoding="utf-8"))
        for file in ("config/base.yaml", "config/dev.yaml")
    )


def test_the_schema_is_one() -> None:
    """It is a schema of the dialect that it names."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_sound_settings_pass(small: Checkout, sound: Checkout) -> None:
    """What `check` lets pass, the editor does."""
    assert not _editor_finds(small)
    assert not _editor_finds(sound)


@pytest.mark.thorough
@pytest.mark.parametrize("case", PROBLEMS)
def test_mistakes(case: str, small: Checkout) -> None:
    """Both find a mistake, or there is a reason why the editor cannot."""
    for name, old, new in PROBLEMS[case]:
        small.edit(file_of(name), old, new)

    assert _found_by_check(small)
    assert _editor_finds(small) == (case not in DIFFERENT), DIFFERENT.get(case)


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("rule", CASES)
def test_rules(rule: str, which: int, sound: Checkout) -> None:
    """An editor is not stricter than `check`: what warns or passes there is no error."""
    edit(sound, *CASES[rule][which])

    if not _found_by_check(sound):
        assert not _editor_finds(sound)
