"""The schema by which editors check the settings."""

import jsonschema
import pytest
import yaml

from pipeline_zen.settings import json_schema


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"protectd": True}, "'protectd' was unexpected"),
        ({"fleets": {"l4": {"accelerator": "nvidia-l5"}}}, "'nvidia-l5' is not one of"),
        ({"results_buckets": {"US": "US"}}, "'US' does not match"),
    ],
)
def test_the_schema_finds_mistakes(settings: dict[str, object], message: str) -> None:
    """An editor underlines a misspelt setting, GPU or region."""
    with pytest.raises(jsonschema.ValidationError, match=message):
        jsonschema.validate(settings, yaml.safe_load(json_schema()))
