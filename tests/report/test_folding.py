"""The same finding on several resources."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline_zen.guard import RULES, Finding
from pipeline_zen.report import Origins
from pipeline_zen.report.folding import folded
from pipeline_zen.settings import load
from tests.conftest import SETTINGS
from tests.plans.cases import GROUP
from tests.plans.made import change, made_up
from tests.report.reviews import reviewed


class TestFolded:
    """The same finding on several resources is told once, and nothing else is."""

    @pytest.mark.parametrize(
        "other",
        [
            {"made_by": RULES["topic-deleted"]},
            {"type": "b"},
            {"what": "b"},
            {"why": "b"},
            {"todo": "b"},
        ],
    )
    def test_what_tells_them_apart(self, other: Any) -> None:
        """Rule, type, what happens, why, and what to do."""
        one = Finding(RULES["bucket-deleted"], "a.one", "a", why="a", type="a", todo="a")

        assert 1 == len(folded([one, replace(one, address="a.two", name="two")]))
        assert 2 == len(folded([one, replace(one, **other)]))

    def test_what_is_unknown(self) -> None:
        """With one of them unknown, so is the sum, and the most of one group."""
        one = Finding(RULES["group-deleted"], "a.one", "a", vms=2, gpus=16)
        two, three = (replace(one, vms=vms, gpus=vms, address="a.two") for vms in (None, 3))

        assert (5, 19) == (folded([one, three])[0].vms, folded([one, three])[0].gpus)
        assert (None, None) == (folded([one, two])[0].vms, folded([one, two])[0].gpus)
        plan = made_up(
            change(GROUP, ["delete"], {"target_size": 2}, None, "a"),
            change(GROUP, ["delete"], {}, None, "b"),
        )
        assert reviewed(plan).counts["VMs killed"] is None

    def test_where_they_come_from(self) -> None:
        """Two groups of a cluster come from one setting, which is told once."""
        (dev,) = load(SETTINGS, ["dev"])
        names_ = [f"pipeline-zen-jobs-8xt4-{region}-mig" for region in ("us-east1", "us-west1")]
        gone = [change(GROUP, ["delete"], {"name": name}, None, name) for name in names_]
        one = reviewed(made_up(*gone), origins=Origins(dev, SETTINGS))

        (found,) = one.blocking
        assert ["fleets.t4"] == [origin.setting for origin in one.settings_of(found)]
