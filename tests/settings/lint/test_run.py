"""How long facts last: what refuses today warns after a year."""

from datetime import date, timedelta

import pytest

from pipeline_zen.fleet import clusters, exposure
from pipeline_zen.settings import examine
from pipeline_zen.settings.lint import RULES
from tests.conftest import Checkout, Facts
from tests.settings.lint.cases import CASES, edit, problems

OF_AGE = {
    "accelerator-unknown": date(2026, 7, 1),
    "boot-disk-misfit": date(2026, 7, 1),
    "capacity-not-sold": date(2026, 7, 1),
    "machine-misfit": date(2026, 8, 3),
    "machine-not-set-up": date(2026, 7, 1),
    "machine-unknown": date(2026, 7, 1),
    "region-unknown": date(2026, 1, 9),
    "zone-not-sold": date(2026, 7, 1),
}
"""By rule that refuses on facts, the day of those that its case rests on."""


NEW = "2028-01-01,seen"
"""The day and the source of a row that was added by hand."""


@pytest.mark.parametrize("rule", OF_AGE)
def test_every_refusal_grows_old(rule: str, sound: Checkout) -> None:
    """A fact refuses for a year, and warns from then on: it may have changed since."""
    edit(sound, *CASES[rule][0])

    for days, severity in ((365, "error"), (366, "warning")):
        found = problems(sound, OF_AGE[rule] + timedelta(days=days))
        assert {severity} == {one.severity for one in found if one.rule == rule}


def test_a_fleet_can_be_deployed_against_old_facts(sound: Checkout) -> None:
    """What the catalogue has never heard of stops nothing once the catalogue is old."""
    for rule in ("boot-disk-misfit", "machine-unknown", "accelerator-unknown", "region-unknown"):
        edit(sound, *CASES[rule][0])
    sound.edit("config/base.yaml", "1: n1-highmem-8", "1: n9-highmem-8")

    (settings,) = examine(sound.root, ["dev"], today=date(2028, 1, 1)).settings

    assert 3 == len(clusters(settings))
    assert {None} == {row.on_demand for row in exposure(settings).rows}


def test_only_what_google_promised_does_not_grow_old(sound: Checkout) -> None:
    """How long a name may be is no fact of a day."""
    assert {rule.id for rule in RULES.values() if rule.severity == "error"} == {
        *OF_AGE,
        "ignore-unknown",
        "name-too-long",
    }
    edit(sound, *CASES["name-too-long"][0])

    assert ("name-too-long", "error") in {
        (one.rule, one.severity) for one in problems(sound, date(2040, 1, 1))
    }


class TestOneNewRow:
    """A row that was added later makes nothing else newer than it is."""

    @pytest.mark.parametrize("zone", ["us-west4-c", "us-east1-c"])
    def test_of_a_zone(self, zone: str, sound: Checkout, facts: Facts) -> None:
        """What a list does not have is as old as the list, in the row's region as elsewhere."""
        facts.add("zones.csv", f"nvidia-tesla-a100,{zone},a2-highgpu-1g a2-highgpu-8g,high,,{NEW}")
        edit(sound, *CASES["zone-not-sold"][0])

        (problem,) = (
            one for one in problems(sound, date(2028, 6, 1)) if one.rule == "zone-not-sold"
        )

        assert "warning" == problem.severity
        assert "(as of 2026-07-01)" in problem.hint

    @pytest.mark.parametrize(
        ("rule", "file", "row"),
        [
            ("region-unknown", "regions.csv", f"moon-south1,a,{NEW}"),
            (
                "accelerator-unknown",
                "n1_gpus.csv",
                f"nvidia-tesla-x1,1,8,52,,,,standard,pd-ssd,,,,{NEW}",
            ),
            ("machine-unknown", "n1_machine_types.csv", f"n1-giant-2,2,64,{NEW}"),
        ],
    )
    def test_of_a_list(self, rule: str, file: str, row: str, sound: Checkout, facts: Facts) -> None:
        """What is in no list is as old as the lists."""
        facts.add(file, row)
        edit(sound, *CASES[rule][0])

        assert {"warning"} == {
            one.severity for one in problems(sound, date(2028, 6, 1)) if one.rule == rule
        }

    def test_of_one_machine_type(self, sound: Checkout, facts: Facts) -> None:
        """What is said of two machine types at once is as old as the older of their lists."""
        header = (facts.root / "zones.csv").read_text(encoding="utf-8").splitlines()[0]
        old = "nvidia-tesla-a100,us-east1-b,a2-highgpu-8g,high,,2026-07-01,seen"
        new = f"nvidia-tesla-a100,us-east1-c,a2-highgpu-1g,high,,{NEW}"
        facts.write("zones.csv", f"{header}\n{old}\n{new}\n")
        edit(sound, ("us-east1: [b]", "us-east1: [d]"))

        hints = [
            one.hint
            for one in problems(sound, date(2028, 6, 1))
            if one.message.endswith("-d does not sell a2-highgpu-1g, a2-highgpu-8g")
        ]

        assert ["In us-east1 it is sold in us-east1-c (as of 2026-07-01)"] == [
            hint.partition(".")[0] for hint in hints
        ]

    def test_the_list_is_still_old(self, sound: Checkout, facts: Facts) -> None:
        """One new row among old ones does not silence the warning of their age."""
        facts.add("zones.csv", f"nvidia-tesla-a100,us-west4-c,a2-highgpu-1g,high,,{NEW}")

        found = [one for one in problems(sound, date(2028, 6, 1)) if one.rule == "catalogue-old"]

        assert ["what is known of zones is of 2026-07-01"] == [one.message for one in found]


def test_sizes_that_were_looked_at_again(sound: Checkout, facts: Facts) -> None:
    """New numbers of vCPUs do not make it newer how a machine is sold."""
    edit(sound, *CASES["capacity-not-sold"][0])
    text = (facts.root / "machine_types.csv").read_text(encoding="utf-8")
    facts.write("machine_types.csv", text.replace("2026-07-01,Cyclenerd", "2028-01-01,Cyclenerd"))

    (problem,) = (
        one for one in problems(sound, date(2028, 6, 1)) if one.rule == "capacity-not-sold"
    )

    assert "warning" == problem.severity


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2027, 7, 1), {("zone-not-sold", "error")}),
        (date(2027, 7, 2), {("zone-not-sold", "warning"), ("catalogue-old", "warning")}),
    ],
)
def test_facts_grow_old(today: date, found: set[tuple[str, str]], sound: Checkout) -> None:
    """After a year a zone that is not listed may sell the machine by now."""
    edit(sound, *CASES["zone-not-sold"][0])

    assert found == {(one.rule, one.severity) for one in problems(sound, today)}


def test_a_new_region_after_a_year(sound: Checkout) -> None:
    """A region that an old list does not have is no error, and nothing is said of its zones."""
    edit(sound, *CASES["region-unknown"][0])

    assert {("region-unknown", "warning"), ("catalogue-old", "warning")} == {
        (one.rule, one.severity) for one in problems(sound, date(2028, 1, 1))
    }
