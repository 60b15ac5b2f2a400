"""The verb `schema`: the JSON schema that editors use."""

from tests.conftest import ROOT, Run


def test_schema_is_current(run: Run) -> None:
    """The schema that editors use is the one of the models: else `make schema`."""
    assert (ROOT / "config" / "schema.json").read_text(encoding="utf-8") == run("schema").stdout


def test_schema_of_allowances_is_current(run: Run) -> None:
    """The same of `config/allow.yaml`."""
    text = (ROOT / "config" / "allow.schema.json").read_text(encoding="utf-8")

    assert text == run("schema", "--allow").stdout
