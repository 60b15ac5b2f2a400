"""What the scheduler must know of the fleet, and what it would do wrong."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from pipeline_zen.cli import main
from pipeline_zen.fleet import scheduler_differences, scheduler_tables, scheduler_text
from pipeline_zen.settings import load
from tests.conftest import SETTINGS, Checkout


def tables() -> dict[str, Any]:
    return scheduler_tables(load(SETTINGS, ["dev"])[0])


H100 = "    machine_types: {8: a3-highgpu-8g}\n"
FLEX = "    capacity: flex-start\n    max_run_hours: 24\n"


class TestFragment:
    """The tables as the scheduler keeps them."""

    def test_what_it_holds(self) -> None:
        """The regions of each GPU type, the type and the limit of each cluster."""
        found = tables()

        assert ["us-central1"] == found["gpu_regions"]["v100"]
        assert 10 == len(found["gpu_regions"]["a100-40gb"])
        assert {"v100", "a100-40gb", "a100-80gb", "h100-80gb"} == set(found["gpu_regions"])
        assert ("a100-40gb", "h100-80gb") == (
            found["mig_clusters"]["8xa100-40gb"], found["mig_clusters"]["8xh100-80gb"])  # fmt: skip
        assert 12 == len(found["mig_clusters"])
        assert {"1xv100": 8, "4xv100": 2, "8xv100": 1} == {
            name: limit for name, limit in found["max_scale_limits"].items() if "v100" in name
        }

    def test_how_vms_are_had(self, checkout: Checkout) -> None:
        """Of each cluster the word, and which are made in bulk."""
        checkout.edit("config/base.yaml", H100, f"{H100}{FLEX}")
        held = scheduler_tables(load(checkout.root, ["dev"])[0])

        assert "flex-start" == held["mig_capacity"]["8xh100-80gb"]
        assert "standard" == held["mig_capacity"]["8xv100"]
        assert [] == held["bulk_migs"]
        checkout.edit("config/base.yaml", FLEX, f"{FLEX}    target_size_mode: BULK\n")
        held = scheduler_tables(load(checkout.root, ["dev"])[0])
        assert ["8xh100-80gb"] == held["bulk_migs"]

    def test_as_text(self, checkout: Checkout) -> None:
        """It is YAML, and says which clusters have no limit."""
        checkout.edit("config/base.yaml", "max_vms: {8: 3}", "max_vms: {}")
        (settings,) = load(checkout.root, ["prod"])

        text = scheduler_text(settings)

        assert scheduler_tables(settings) == yaml.safe_load(text)
        assert "# No max_vms, so without a limit: 8xh100-80gb\n" in text


class TestCheck:
    """A file of the scheduler, held against the settings."""

    def _check(self, content: Any, tmp_path: Path, *more: Any) -> Result:
        arguments = ["-C", str(SETTINGS), "scheduler-config", "dev"]
        for number, each in enumerate((content, *more)):
            file = tmp_path / f"{number}.yml"
            text = each if isinstance(each, str) else yaml.safe_dump(each)
            file.write_text(text, encoding="utf-8")
            arguments += ["--check", str(file)]
        return CliRunner().invoke(main, arguments)

    def test_the_same(self, tmp_path: Path) -> None:
        """What it prints agrees with itself, whatever else the file has."""
        printed = CliRunner().invoke(main, ["-C", str(SETTINGS), "scheduler-config", "dev"])

        result = self._check(f"log_level: INFO\n{printed.stdout}", tmp_path)

        assert (0, f"{tmp_path / '0.yml'}: what the scheduler must know of dev.\n") == (
            result.exit_code,
            result.output,
        )

    @pytest.mark.parametrize(
        ("edit", "said"),
        [
            (lambda t: t["gpu_regions"]["v100"].clear(),
             "1xv100, 4xv100, 8xv100: it never raises a group in us-central1: jobs find no "
             "capacity there."),
            (lambda t: t["gpu_regions"]["h100-80gb"].append("us-east1"),
             "8xh100-80gb: it resizes pipeline-zen-jobs-8xh100-80gb-us-east1-mig, which does not "
             "exist: while a job waits for the cluster, each of its cycles ends in an error."),
            (lambda t: t["gpu_regions"].pop("h100-80gb"),
             "8xh100-80gb: its GPU type h100-80gb has no regions, so the scheduler does not "
             "start."),
            (lambda t: t["mig_clusters"].pop("8xv100"),
             "8xv100: it does not know the cluster, and refuses its jobs."),
            (lambda t: t["max_scale_limits"].update({"8xv100": 4}),
             "8xv100: it raises a group to 4 VMs instead of 1."),
            (lambda t: t["max_scale_limits"].update({"4xv100": 1}),
             "4xv100: it raises a group to 1 VM instead of 2."),
            (lambda t: t["max_scale_limits"].pop("8xv100"),
             "8xv100: it has no limit, and raises a group as far as there are jobs, not to 1 VM."),
            (lambda t: t["max_scale_limits"].update({"8xv100": "1"}),
             '8xv100: its limit is "1", and no number: it raises none of the cluster\'s groups, '
             "whose jobs wait for ever, and each of its cycles ends in an error."),
            (lambda t: t["max_scale_limits"].update({"8xv100": None}),
             "8xv100: its limit is nothing, and no number: it raises none of the cluster's groups, "
             "whose jobs wait for ever, and each of its cycles ends in an error."),
            (lambda t: t["max_scale_limits"].update({"8xv100": 1.0}),
             "8xv100: its limit is 1.0, and no whole number: while more jobs wait than that, it "
             "raises none of the cluster's groups, and each of its cycles ends in an error."),
            (lambda t: t["max_scale_limits"].update({"8xv100": -3}),
             "8xv100: its limit is -3: in each cycle, with jobs or without, it sets the cluster's "
             "groups to -3 VMs, which fails, and its jobs wait for ever."),
            (lambda t: t["max_scale_limits"].update({"8xv100": 0}),
             "8xv100: its limit is 0: it raises none of the cluster's groups, and its jobs wait "
             "for ever."),
            (lambda t: t["max_scale_limits"].update({"4xv100": True}),
             "4xv100: it raises a group to 1 VM instead of 2."),
            (lambda t: t["max_scale_limits"].update({"8xv100": float("inf")}),
             "8xv100: it has no limit, and raises a group as far as there are jobs, not to 1 VM."),
            (lambda t: t["gpu_regions"].update({"v100": "us-central1"}),
             '1xv100, 4xv100, 8xv100: the regions of v100 are "us-central1", and no list: it '
             "raises none of the cluster's groups, and its jobs wait for ever."),
            (lambda t: t["mig_clusters"].update({"8xv100": ["v100"]}),
             "8xv100: its GPU type is a list, so the scheduler does not start."),
            (lambda t: t["mig_clusters"].update({8: "v100"}),
             "8: it is no text in mig_clusters, so no job can be of the cluster."),
            # Its own code would, too: what developers' machines play has no groups.
            (lambda t: t["mig_clusters"].update({"1xlocal": "local"}),
             "1xlocal: its GPU type local has no regions, so the scheduler does not start."),
            (lambda t: (t["mig_clusters"].update({"1xlocal": "local"}),
                        t["gpu_regions"].update({"local": ["us-desk1"]})),
             "1xlocal: it resizes pipeline-zen-jobs-1xlocal-us-desk1-mig, which does not exist: "
             "while a job waits for the cluster, each of its cycles ends in an error."),
        ],
    )  # fmt: skip
    def test_a_difference(self, edit: Any, said: str, tmp_path: Path) -> None:
        """Each is one sentence on what the scheduler would do."""
        content = tables()
        edit(content)

        result = self._check(content, tmp_path)

        assert (1, f"{said}\n") == (result.exit_code, result.output)

    def test_all_that_is_damaged(self, tmp_path: Path) -> None:
        """Of several damaged values each is told, those of clusters that are only there, too."""
        content = tables()
        content["max_scale_limits"].update({"1xv100": "8", "4xv100": -1, "2xv100": 0})
        content["mig_clusters"].update({"2xv100": "v100", "8xh100-80gb": None})
        content["gpu_regions"].update({"a100-80gb": None, "v100": ["us-central1", 5]})

        result = self._check(content, tmp_path)

        assert 1 == result.exit_code
        said = result.output
        for start in (
            '1xv100: its limit is "8"',
            "4xv100: its limit is -1",
            "2xv100: its limit is 0",
            "8xh100-80gb: its GPU type is nothing",
            "1xa100-80gb, 2xa100-80gb, 4xa100-80gb, 8xa100-80gb: the regions of a100-80gb are noth",
            "8xv100: it resizes pipeline-zen-jobs-8xv100-5-mig, which does not exist",
        ):
            assert 1 == len(re.findall(f"^{re.escape(start)}", said, re.MULTILINE)), start

    def test_a_cluster_that_is_gone(self, tmp_path: Path) -> None:
        """A cluster that only the scheduler knows loses its jobs, and has no group anywhere."""
        content = tables()
        content["mig_clusters"]["2xv100"] = "v100"

        result = self._check(content, tmp_path)

        assert 1 == result.exit_code
        assert [
            "2xv100: it takes jobs for it and publishes them, and there is no subscription "
            "pipeline-zen-jobs-start-runner-2xv100: they are lost.",
            "2xv100: it resizes pipeline-zen-jobs-2xv100-us-central1-mig, which does not exist: "
            "while a job waits for the cluster, each of its cycles ends in an error.",
        ] == result.output.splitlines()

    def test_a_limit_that_is_unknown_here(self, checkout: Checkout) -> None:
        """Where no limit is set here, the scheduler's is told; none there is the same."""
        theirs = tables()
        checkout.edit("config/base.yaml", "max_vms: {8: 3}", "max_vms: {}")
        (settings,) = load(checkout.root, ["dev"])

        assert [
            "8xh100-80gb: it raises a group to 3 VMs, and no max_vms is set here to compare."
        ] == scheduler_differences(settings, theirs)
        del theirs["max_scale_limits"]["8xh100-80gb"]
        assert [] == scheduler_differences(settings, theirs)

    def test_a_scheduler_that_only_sets_sizes(self, checkout: Checkout) -> None:
        """Of flex-start it gets nothing, whatever sizes it sets; with resize requests it does."""
        theirs = scheduler_tables(load(checkout.root, ["dev"])[0])
        today = {key: value for key, value in theirs.items() if key not in ("mig_capacity",)}
        today["mig_capacity"] = {}
        checkout.edit("config/base.yaml", H100, f"{H100}{FLEX}")
        (settings,) = load(checkout.root, ["dev"])

        assert [
            "8xh100-80gb: it sets sizes, and of flex-start a size gives no VM: its jobs wait for "
            "ever. It must create resize requests instead, and have the cluster in mig_capacity "
            "as flex-start."
        ] == scheduler_differences(settings, today)
        today["mig_capacity"] = {"8xh100-80gb": "flex-start"}
        assert [] == scheduler_differences(settings, today)

    def test_a_scheduler_that_asks_for_what_is_on_demand(self, checkout: Checkout) -> None:
        """A resize request is refused where the cluster is had otherwise."""
        (settings,) = load(checkout.root, ["dev"])
        theirs = scheduler_tables(settings)
        theirs["mig_capacity"]["8xv100"] = "flex-start"

        assert [
            "8xv100: it takes the cluster for flex-start and creates resize requests, which Google "
            "refuses of standard: its jobs wait for ever."
        ] == scheduler_differences(settings, theirs)

    def test_a_scheduler_that_raises_what_is_made_in_bulk(self, checkout: Checkout) -> None:
        """A group in bulk is raised from nothing alone, and takes no resize request."""
        bulk = f"{H100}{FLEX}    target_size_mode: BULK\n"
        checkout.edit("config/base.yaml", H100, bulk)
        (settings,) = load(checkout.root, ["dev"])
        theirs = scheduler_tables(settings)

        assert [] == scheduler_differences(settings, theirs)
        theirs["bulk_migs"] = []
        told = scheduler_differences(settings, theirs)
        assert [
            "8xh100-80gb: it takes the cluster for flex-start and creates resize requests, which "
            "Google refuses of flex-start in bulk: its jobs wait for ever.",
            "8xh100-80gb: it raises a group that has VMs, and Google raises one of these only "
            "while it is empty: have the cluster in bulk_migs, and raise its groups from nothing.",
        ] == told

    def test_developers_machines(self, tmp_path: Path) -> None:
        """A cluster that developers' machines play has a subscription, and needs no group."""
        content = tables()
        content["mig_clusters"]["1xlocal"] = "local"
        content["gpu_regions"]["local"] = []

        assert 0 == self._check(content, tmp_path).exit_code

    def test_two_files(self, tmp_path: Path) -> None:
        """A table of the environment's own file replaces that of the file for all."""
        limits = dict(tables()["max_scale_limits"])
        apart = {**tables(), "max_scale_limits": {}}

        assert 1 == self._check(apart, tmp_path).exit_code
        assert 0 == self._check(apart, tmp_path, {"max_scale_limits": limits}).exit_code
        result = self._check(tables(), tmp_path, {"max_scale_limits": {**limits, "8xv100": 2}})
        assert (1, "8xv100: it raises a group to 2 VMs instead of 1.\n") == (
            result.exit_code,
            result.output,
        )

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "0.yml has none of gpu_regions, mig_clusters, max_scale_limits."),
            ("- a", "0.yml has none of gpu_regions, mig_clusters, max_scale_limits."),
            ("a: [", "0.yml is not YAML at 1:5: expected the node content, but found "
             "'<stream end>'."),
            ("a: 1\x00", "0.yml is not YAML."),
            ("a: 1\n" * 300_000, "0.yml is larger than 1,000,000 bytes."),
            ("a: 1", "0.yml has no table gpu_regions and no table mig_clusters and no table "
                     "max_scale_limits; they are in the scheduler's app-configs/default.yml."),
            ({"gpu_regions": [], "mig_clusters": "x", "max_scale_limits": {}},
             "0.yml: gpu_regions is a list, and no table.\n"
             "{0}0.yml: mig_clusters is \"x\", and no table."),
            ({"gpu_regions": {}, "mig_clusters": {}, "max_scale_limits": {}, "mig_capacity": 1,
              "bulk_migs": {}},
             "0.yml: mig_capacity is 1, and no table.\n"
             "{0}0.yml: bulk_migs is a mapping, and no list."),
            ({"gpu_regions": 1, "mig_clusters": {}},
             "0.yml: gpu_regions is 1, and no table.\n"
             "{0}0.yml has no table max_scale_limits; they are in the scheduler's "
             "app-configs/default.yml."),
        ],
    )  # fmt: skip
    def test_no_such_file(self, content: Any, said: str, tmp_path: Path) -> None:
        """What is no configuration of the scheduler is another error than a difference."""
        result = self._check(content, tmp_path)

        said = said.replace("{0}", f"{tmp_path}/")
        assert (2, f"{tmp_path}/{said}\n") == (result.exit_code, result.output)

    def test_a_file_that_is_missing(self, tmp_path: Path) -> None:
        """So is a file that is not there, or is a folder, or is not to be read."""
        (tmp_path / "latin").write_bytes(b"\xe4")
        for name, said in (("x", "does not exist"), ("", "is a directory"), ("latin", "UTF-8")):
            result = CliRunner().invoke(
                main,
                [
                    *("-C", str(SETTINGS), "scheduler-config", "dev"),
                    *("--check", str(tmp_path / name)),
                ],
            )

            assert 2 == result.exit_code
            assert said in result.output
