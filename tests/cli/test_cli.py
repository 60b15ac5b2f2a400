"""The command line: what it prints, how it ends, what it leaves alone."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from pipeline_zen.cli import main
from pipeline_zen.settings import Fleet
from tests.conftest import ROOT, SETTINGS, Checkout, Facts, Run

COLUMNS = {
    "cluster",
    "machine_type",
    "accelerator",
    "gpus",
    "capacity",
    "reservation",
    "target_shape",
    "boot_disk_gb",
    "boot_disk_type",
    "max_run_hours",
    "image_version",
    "max_vms",
    "region",
    "zones",
    "group",
    "template",
    "bucket",
}


def test_check(run: Run) -> None:
    """Sound settings are summed up in a line for each environment; what can be said follows."""
    result = run("check")

    assert 0 == result.returncode
    assert result.stdout.startswith(
        "dev: sound; release 0.60.1, 12 clusters, 67 groups in 12 regions\n"
        "prod: sound; release 0.60.1, 12 clusters, 67 groups in 12 regions\n"
        "\n"
        "config/base.yaml:"
    )
    assert "us-west1: us-west1-b sells these machines, too, and is not used\n" in result.stdout
    assert result.stdout.endswith(" [zone-unused]\n")
    assert "" == result.stderr


def test_check_leaves_out_what_is_ignored(checkout: Checkout, run: Run) -> None:
    """What the settings ignore, with a reason, is not told."""
    dev = (checkout.root / "config/dev.yaml").read_text(encoding="utf-8")
    checkout.write("config/dev.yaml", f"{dev}lint: {{ignore: {{zone-unused: none in use}}}}\n")

    result = run("-C", checkout.root, "check", "dev")

    assert 0 == result.returncode
    assert "zone-unused" not in result.stdout


def test_check_tells_every_release(checkout: Checkout, run: Run) -> None:
    """Where a cluster boots another release than the one in VERSION, it is named."""
    checkout.edit("config/base.yaml", "  h100-80gb:\n", "  h100-80gb:\n    image_version: 9.0.1\n")

    result = run("-C", checkout.root, "check", "dev")

    release = (checkout.root / "VERSION").read_text(encoding="utf-8").strip()
    assert f"dev: sound; release {release}, 9.0.1 for 8xh100-80gb, 12 clusters" in result.stdout


def test_a_slip_in_the_catalogue(facts: Facts) -> None:
    """What cannot be read of the catalogue is one sentence and status 1, whatever the verb."""
    facts.add("zones.csv", "nvidia-l4,us-west9-a,g2-standard-8,hihg,,2026-11-30,seen")

    result = CliRunner().invoke(main, ["-C", str(SETTINGS), "check"])

    assert 1 == result.exit_code
    assert result.stderr.endswith(
        'catalog/zones.csv:277: confidence is "hihg", and must be one of high, zone, medium, low.\n'
    )
    assert "" == result.stdout


def test_a_rehearsal_reports_a_slip_in_the_catalogue(facts: Facts, tmp_path: Path) -> None:
    """The report for a pull request says so as well."""
    facts.add("zones.csv", "nvidia-l4,us-west9-a,g2-standard-8,hihg,,2026-11-30,seen")

    result = CliRunner().invoke(
        main,
        ["-C", str(SETTINGS), "rehearse", "dev", "--report", str(tmp_path / "report.md")],
    )

    assert 1 == result.exit_code
    assert 'confidence is "hihg"' in result.stderr
    assert 'confidence is "hihg"' in (tmp_path / "report.md").read_text(encoding="utf-8")


@pytest.mark.node
def test_synth_counts_remarks(checkout: Checkout, run: Run) -> None:
    """Synthesis tells in one line on standard error that there is more, and goes on."""
    checkout.edit("config/base.yaml", "me-west1: [c]", "me-west1: [a, c]")

    result = run("-C", checkout.root, "synth", "dev")

    assert 0 == result.returncode
    # One more warning once the catalogue is a year old.
    assert re.fullmatch(r"(1 warning|2 warnings), 5 notices: make check\n", result.stderr)
    assert result.stdout.startswith("dev: 157 resources, ")


@pytest.mark.parametrize("verb", ["check", "synth", "expand"])
def test_wrong_settings(verb: str, checkout: Checkout, run: Run) -> None:
    """Wrong settings end with status 2, all problems on standard error, and nothing written."""
    checkout.edit("config/dev.yaml", "protected", "protectd")
    checkout.edit("config/base.yaml", "us-east5: [b]", "us-east5: [b, b]")
    before = checkout.files()

    result = run("-C", checkout.root, verb, *(["dev"] if verb == "expand" else []))

    assert 2 == result.returncode
    assert "" == result.stdout
    assert "config/dev.yaml:6:1: protectd: unknown setting\n" in result.stderr
    assert "us-east5-b is listed twice" in result.stderr
    assert result.stderr.endswith("\n\n2 problems; nothing was written.\n")
    assert "Traceback" not in result.stderr
    assert before == checkout.files()


@pytest.mark.parametrize("verb", ["check", "synth", "rehearse"])
def test_a_mistake_in_what_is_allowed(verb: str, checkout: Checkout, run: Run) -> None:
    """It is told with the other mistakes, with its place, before a plan depends on it."""
    checkout.write("config/allow.yaml", "prod:\n  - finding: group-deletd\n")
    checkout.edit("config/dev.yaml", "protected", "protectd")

    result = run("-C", checkout.root, verb, "dev")

    assert (1 if verb == "rehearse" else 2) == result.returncode
    assert (
        'config/allow.yaml:2:14: prod.0.finding: got "group-deletd"\n'
        "      - finding: group-deletd\n"
        "                 ^\n"
        'Did you mean "group-deleted"?'
    ) in result.stderr
    assert "config/dev.yaml:6:1: protectd: unknown setting\n" in result.stderr
    assert result.stderr.endswith("\n\n5 problems; nothing was written.\n")


@pytest.mark.parametrize("verb", ["check", "synth", "expand"])
def test_no_such_environment(verb: str, run: Run) -> None:
    """A misspelt environment is told with the nearest there is."""
    result = run(verb, "prd")

    assert 2 == result.returncode
    assert 'There is no environment "prd"' in result.stderr
    assert 'Did you mean "prod"?' in result.stderr


def test_no_environments(checkout: Checkout, run: Run) -> None:
    """A config folder without an environment is no success."""
    (checkout.root / "config" / "dev.yaml").unlink()
    (checkout.root / "config" / "prod.yaml").unlink()

    result = run("-C", checkout.root, "check")

    assert 2 == result.returncode
    assert "There is no environment" in result.stderr


def test_a_stack_that_is_left_over(checkout: Checkout, run: Run) -> None:
    """The stack of an environment that is no more stays, and is told of."""
    checkout.write("cdktf.out/stacks/staging/cdk.tf.json", "{}")

    result = run("-C", checkout.root, "synth", "dev")

    assert 0 == result.returncode
    assert "cdktf.out/stacks/staging is of no environment any more: delete it" in result.stderr
    assert (checkout.root / "cdktf.out/stacks/staging/cdk.tf.json").exists()
    assert "stacks/prod" not in result.stderr


@pytest.mark.parametrize("verb", [["rehearse"], ["tofu", "plan"]])
def test_a_report_that_cannot_be_written(verb: list[str], run: Run) -> None:
    """It is told at once, by the name that was given."""
    result = run(*verb, "dev", "--report", "/nosuch/report.md")

    assert 1 == result.returncode
    assert "/nosuch/report.md cannot be written: there is no folder /nosuch." in result.stderr


def test_a_plan_of_nothing(run: Run, tmp_path: Path) -> None:
    """A plan without changes says so for every environment; as JSON it must be of one."""
    plan = ROOT / "tests" / "plans" / "case-nothing.json"
    data = json.loads(plan.read_text(encoding="utf-8"))
    (tmp_path / "plan.json").write_text(json.dumps({**data, "resource_changes": []}))

    result = run("diff", tmp_path / "plan.json")
    as_json = run("diff", tmp_path / "plan.json", "--format", "json")

    assert (0, "No changes, whichever environment it is a plan of.\n") == (
        result.returncode,
        result.stdout,
    )
    assert (1, "") == (as_json.returncode, as_json.stdout)
    assert "It changes nothing, so --env must name what it is a plan of." in as_json.stderr


def test_a_config_that_is_no_folder(checkout: Checkout, run: Run) -> None:
    """A config that cannot be listed is not taken for one without environments."""
    (checkout.root / "config").rename(checkout.root / "settings")
    checkout.write("config", "")

    result = run("-C", checkout.root, "check")

    assert (1, f"{checkout.root / 'config'}: Not a directory.\n") == (
        result.returncode,
        result.stderr,
    )


def test_a_file_in_another_encoding(checkout: Checkout, run: Run) -> None:
    """The place of the first byte that is not UTF-8 is told."""
    file = checkout.root / "config/dev.yaml"
    file.write_bytes(b"# one\nlabels: {team: k\xfcche}\n" + file.read_bytes())

    result = run("-C", checkout.root, "check", "dev")

    assert 2 == result.returncode
    assert "config/dev.yaml:2:17: not UTF-8 text (byte 22)\n" in result.stderr


def test_a_misspelt_section(checkout: Checkout, run: Run) -> None:
    """What stands under a name that is nearly its own is not said to be missing as well."""
    checkout.edit("config/base.yaml", "\nfleets:\n", "\nfleet:\n")

    result = run("-C", checkout.root, "check")

    assert 'Did you mean "fleets"?' in result.stderr
    assert result.stderr.endswith("1 problem; nothing was written.\n")


def test_missing_base(checkout: Checkout, run: Run) -> None:
    """Without the base file there is one problem, not one for each setting that it holds."""
    (checkout.root / "config" / "base.yaml").unlink()

    result = run("-C", checkout.root, "check")

    assert 2 == result.returncode
    assert (
        "config/base.yaml:1:1: no such file\nAdd it: it has what all environments share.\n"
    ) in result.stderr
    assert "1 problem; nothing was written." in result.stderr


def test_expand_as_json_and_yaml(run: Run) -> None:
    """Both forms hold the same 67 rows, each with all columns."""
    from_json = json.loads(run("expand", "prod", "--format", "json").stdout)
    from_yaml = yaml.safe_load(run("expand", "prod", "--format", "yaml").stdout)

    assert from_json == from_yaml
    assert 67 == len(from_json)
    assert {frozenset(COLUMNS)} == {frozenset(row) for row in from_json}
    (row,) = [row for row in from_json if row["cluster"] == "8xv100"]
    assert "pipeline-zen-jobs-8xv100-us-central1-mig" == row["group"]
    assert ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"] == row["zones"]
    assert "lum-prod-pipeline-zen-jobs-us" == row["bucket"]


EXPANDED = {
    "accelerator": "accelerator",
    "machine_types": "machine_type",
    "regions": "zones",
    "target_shape": "target_shape",
    "capacity": "capacity",
    "cluster_capacity": "capacity",
    "reservations": "reservation",
    "max_run_hours": "max_run_hours",
    "boot_disk_gb": "boot_disk_gb",
    "boot_disk_type": "boot_disk_type",
    "image_version": "image_version",
    "cluster_image_versions": "image_version",
    "max_vms": "max_vms",
}
"""Where each setting of a fleet is seen."""


def test_expand_hides_nothing(checkout: Checkout, run: Run) -> None:
    """Whatever a fleet can set is in its rows, and in the table where it is not the usual."""
    assert set(Fleet.model_fields) == set(EXPANDED)
    assert set(EXPANDED.values()) <= COLUMNS
    checkout.edit(
        "config/base.yaml",
        "    max_vms: {1: 8, 4: 2, 8: 1}",
        "    target_shape: EVEN\n    cluster_capacity: {4: spot, 8: reservation}\n"
        "    reservations: {8: our-v100s}\n    max_run_hours: 168\n    boot_disk_gb: 500\n"
        "    boot_disk_type: pd-ssd",
    )

    rows = json.loads(run("-C", checkout.root, "expand", "dev", "--format", "json").stdout)
    table = run("-C", checkout.root, "expand", "dev").stdout.splitlines()

    (row,) = [row for row in rows if row["cluster"] == "8xv100"]
    expected = {
        "capacity": "reservation",
        "reservation": "our-v100s",
        "target_shape": "EVEN",
        "boot_disk_gb": 500,
        "boot_disk_type": "pd-ssd",
        "max_run_hours": 168,
    }
    assert expected == {key: row[key] for key in expected}
    usual = "target_shape: EVEN, boot_disk_gb: 500, boot_disk_type: pd-ssd, max_run_hours: 168"
    for cluster, besides in (("4xv100", usual), ("8xv100", f"reservation: our-v100s, {usual}")):
        (line,) = [line for line in table if line.startswith(f" {cluster}")]
        assert line.endswith(f"  {besides}")
        assert " nvidia-tesla-v100 " in line
    (line,) = [line for line in table if line.startswith(" 8xa100-40gb") and "us-east1 " in line]
    assert line.endswith("lum-dev-pipeline-zen-jobs-us")


def test_expand_as_a_table(run: Run, golden: Callable[[str], object]) -> None:
    """In a pipe each group is one line, not broken, however narrow the terminal is."""
    table = run("expand", "dev", env={"COLUMNS": "60"}).stdout

    assert golden("expand.txt") == table


def test_expand_in_a_narrow_terminal(run: Run) -> None:
    """On a terminal the table folds to its width."""
    wide = run("expand", "dev", env={"COLUMNS": "100", "FORCE_COLOR": "1"}).stdout

    text = re.sub(r"\x1b\[[0-9;]*m", "", wide)
    assert max(map(len, text.splitlines())) <= 100
    assert "8xa100-40gb" in text


@pytest.mark.parametrize(
    "verb", ["check", "expand dev", "expand dev --format json", "schema", "--help"]
)
def test_needs_no_node(verb: str, run: Run) -> None:
    """What only reads starts no Node: it works where there is none."""
    assert 0 == run(*verb.split(), env={"JSII_NODE": "/nowhere", "PATH": "/nowhere"}).returncode


@pytest.mark.process
@pytest.mark.parametrize(
    "module",
    [
        "names",
        "versions",
        "catalog",
        "settings",
        "settings.schema",
        "fleet.clusters",
        "fleet.expansion",
        "fleet.exposure",
        "fleet.scheduler",
        "settings.config_env",
        "tofu.interruption",
        "tofu.client",
        "plan",
        "guard",
        "report.review",
        "report.markdown",
        "report.terminal",
        "tofu.planning",
        "report.github",
        "tofu.adoption",
        "rehearsal",
        "cli",
    ],
)
def test_reading_and_reporting_import_no_cdk(module: str) -> None:
    """The CDK takes a second to start; what reads or reports does without."""
    code = (
        f"import sys, pipeline_zen.{module}; "
        "sys.exit(any(name in sys.modules for name in ('jsii', 'cdktf', 'constructs')))"
    )

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


@pytest.mark.parametrize("digest", ["", " "])
def test_an_empty_digest(digest: str, run: Run) -> None:
    """A digest that got lost on its way is refused before anything else is looked at."""
    result = run("tofu", "apply", "dev", "--yes", "--expect", digest)

    assert 1 == result.returncode
    assert "the digest is empty: give that of the plan that was reviewed." in result.stderr


@pytest.mark.node
def test_an_unwritable_folder(checkout: Checkout, run: Run) -> None:
    """A file in the way of the output is told by its name, without a traceback."""
    checkout.write("cdktf.out", "not a folder\n")

    result = run("-C", checkout.root, "synth")

    assert 1 == result.returncode
    assert "cdktf.out" in result.stderr
    assert "Traceback" not in result.stderr
