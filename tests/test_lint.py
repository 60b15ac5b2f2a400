"""Rules: what each finds and what it lets pass, how long facts last, and what is ignored."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline_zen.settings import Problem, SettingsError, examine
from pipeline_zen.settings.lint import IGNORABLE, RULES
from tests.conftest import ENVIRONMENTS, ROOT, Checkout

TODAY = date(2026, 12, 1)

BASE = """\
state_bucket: lum-terraform-state
images_project: neat-airport-407301
results_buckets:
  europe: EU
  me-west1: ME-WEST1
  us: US
fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8}
    regions:
      us-central1: [a, b, c, f]
  a100-40gb:
    accelerator: nvidia-tesla-a100
    machine_types: {1: a2-highgpu-1g, 8: a2-highgpu-8g}
    regions:
      europe-west4: [a, b]
      us-east1: [b]
"""

DEV = """\
project: eng-ai-dev
"""

Edit = tuple[str, str]

A100 = """\
    accelerator: nvidia-tesla-a100
    machine_types: {1: a2-highgpu-1g, 8: a2-highgpu-8g}
"""

H100 = """\
    accelerator: nvidia-h100-80gb
    machine_types: {1: a3-highgpu-1g}
"""

IGNORED = (DEV, f"{DEV}lint: {{ignore: {{zone-unused: we like it so}}}}\n")

CASES: dict[str, tuple[list[Edit], list[Edit]]] = {
    "region-unknown": ([("us-east1:", "us-eats1:")], [("us-east1:", "us-west1:")]),
    "location-unknown": (
        [("europe: EU", "europe: EUU")],
        [("europe: EU", "europe: EUROPE-WEST1")],
    ),
    "zone-not-sold": (
        [("us-east1: [b]", "us-east1: [b, d]")],
        [("us-east1: [b]", "us-west4: [b]")],
    ),
    "capacity-not-sold": (
        [(A100, H100), ("europe-west4: [a, b]", "us-west4: [a]"), ("      us-east1: [b]\n", "")],
        [
            (A100, H100.replace("{1:", "{8:").replace("-1g", "-8g")),
            ("europe-west4: [a, b]", "us-west4: [a]"),
            ("      us-east1: [b]\n", ""),
        ],
    ),
    "capacity-doubtful": (
        [
            (A100, f"{H100}    capacity: reservation\n    reservations: {{1: ours}}\n"),
            ("europe-west4: [a, b]", "us-west4: [a]"),
            ("      us-east1: [b]\n", ""),
        ],
        [
            (A100, f"{H100}    capacity: spot\n"),
            ("europe-west4: [a, b]", "us-west4: [a]"),
            ("      us-east1: [b]\n", ""),
        ],
    ),
    "ignore-unknown": ([(DEV, IGNORED[1].replace("unused", "unsed"))], [IGNORED]),
    "zone-doubtful": (
        [("us-east1: [b]", "me-west1: [a, b, c]")],
        [("us-east1: [b]", "me-west1: [c]")],
    ),
    "boot-disk-doubtful": (
        [("  v100:\n", "  v100:\n    boot_disk_type: hyperdisk-balanced\n")],
        [("  v100:\n", "  v100:\n    boot_disk_type: pd-ssd\n")],
    ),
    "ignore-unused": ([IGNORED], [IGNORED, ("[a, b, c, f]", "[a, b, c]")]),
    "zone-unused": ([("[a, b, c, f]", "[a, b, c]")], [("us-east1: [b]", "us-west3: [b]")]),
    "name-too-long-elsewhere": (
        [("  a100-40gb:", "  a100-40gb-with-lssds:")],
        [("  a100-40gb:", "  a100-40gb-with-lssd:")],
    ),
}
"""By rule: edits of these settings that it finds, and some of the same place that it lets pass."""


@pytest.fixture
def sound(tmp_path: Path) -> Checkout:
    """A checkout whose settings no rule has anything to say about."""
    checkout = Checkout(tmp_path)
    checkout.write("VERSION", "0.60.1\n")
    checkout.write("config/base.yaml", BASE)
    checkout.write("config/dev.yaml", DEV)
    return checkout


def _edit(checkout: Checkout, *edits: Edit) -> None:
    for old, new in edits:
        checkout.edit("config/dev.yaml" if old == DEV else "config/base.yaml", old, new)


def _problems(checkout: Checkout, today: date = TODAY) -> tuple[Problem, ...]:
    """All that the rules find, errors or not."""
    try:
        return examine(checkout.root, ["dev"], today=today).remarks
    except SettingsError as error:
        return error.problems


def test_sound_settings(sound: Checkout) -> None:
    """Each remark comes from its edit alone: without it there is none."""
    assert () == _problems(sound)


@pytest.mark.parametrize("rule", CASES)
def test_found(rule: str, sound: Checkout, golden: Callable[[str], object]) -> None:
    """A rule finds its mistake, shows its place and says what to do; no other rule stirs."""
    _edit(sound, *CASES[rule][0])

    problems = _problems(sound)

    severity = next(one.severity for one in RULES if one.id == rule)
    assert {(rule, severity)} == {(problem.rule, problem.severity) for problem in problems}
    assert golden(f"{rule}.txt") == "\n\n".join(map(str, problems)) + "\n"


@pytest.mark.parametrize("rule", CASES)
def test_passed(rule: str, sound: Checkout) -> None:
    """The same place with a sound value is let pass."""
    _edit(sound, *CASES[rule][1])

    assert rule not in {problem.rule for problem in _problems(sound)}


def test_every_rule_has_its_tests() -> None:
    """A rule without a case is not tested; age has tests of its own."""
    assert {rule.id for rule in RULES} == {*CASES, "catalogue-old"}


def test_ids_are_unique() -> None:
    """One id, one rule: what is ignored is what was meant."""
    assert len(RULES) == len({rule.id for rule in RULES})


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2027, 7, 1), {("zone-not-sold", "error")}),
        (date(2027, 7, 2), {("zone-not-sold", "warning"), ("catalogue-old", "warning")}),
    ],
)
def test_facts_grow_old(today: date, found: set[tuple[str, str]], sound: Checkout) -> None:
    """After a year a zone that is not listed may sell the machine by now."""
    _edit(sound, *CASES["zone-not-sold"][0])

    assert found == {(one.rule, one.severity) for one in _problems(sound, today)}


def test_a_new_region_after_a_year(sound: Checkout) -> None:
    """A region that an old list does not have is no error, and nothing is said of its zones."""
    _edit(sound, *CASES["region-unknown"][0])

    assert {("region-unknown", "warning"), ("catalogue-old", "warning")} == {
        (one.rule, one.severity) for one in _problems(sound, date(2028, 1, 1))
    }


def test_a_region_that_sells_none(sound: Checkout) -> None:
    """A region without the machine is one finding, however many zones are listed in it."""
    _edit(sound, ("us-east1: [b]", "us-east4: [a, b, c]"))

    (problem,) = _problems(sound)

    assert "no zone of us-east4 sells a2-highgpu-1g, a2-highgpu-8g" == problem.message
    assert problem.hint.startswith("It is sold in asia-northeast1, ")


def test_a_zone_without_one_of_the_machine_types_is_not_proposed(sound: Checkout) -> None:
    """Only what could be listed is told: a zone must sell all machine types of the fleet."""
    _edit(
        sound,
        (
            "{1: a2-highgpu-1g, 8: a2-highgpu-8g}\n    regions:\n      europe-west4: [a, b]",
            "{1: a2-highgpu-1g, 16: a2-megagpu-16g}\n    regions:\n      asia-southeast1: [c]",
        ),
    )
    sound.edit("config/base.yaml", "  europe: EU", "  asia: ASIA")
    sound.edit("config/base.yaml", "      us-east1: [b]\n", "")

    # asia-southeast1-b has the GPU, but not sixteen of it.
    assert ["asia-southeast1-a may sell these machines, too, and is not used"] == [
        problem.message for problem in _problems(sound)
    ]


def test_a_reservation_of_what_is_sold_as_standard(sound: Checkout) -> None:
    """A machine that can be had on demand can be reserved; there is nothing to doubt."""
    _edit(
        sound,
        (A100, f"{A100}    cluster_capacity: {{8: reservation}}\n    reservations: {{8: ours}}\n"),
    )

    assert () == _problems(sound)


class TestIgnoring:
    """What `lint: {ignore: …}` leaves out."""

    def test_by_id(self, sound: Checkout) -> None:
        """A notice that is ignored is not made, and its ignore is no warning."""
        _edit(sound, *CASES["zone-unused"][0])
        sound.write("config/dev.yaml", f"{DEV}lint: {{ignore: {{zone-unused: too far away}}}}\n")

        assert () == _problems(sound)

    def test_only_that_rule(self, sound: Checkout) -> None:
        """Another rule's remark stays."""
        _edit(sound, *CASES["zone-unused"][0])
        sound.write("config/dev.yaml", f"{DEV}lint: {{ignore: {{zone-doubtful: tried it}}}}\n")

        assert ["ignore-unused", "zone-unused"] == [one.rule for one in _problems(sound)]

    def test_an_error_cannot_be(self, sound: Checkout) -> None:
        """What stops, stops: to ignore it is an error as well."""
        _edit(sound, *CASES["zone-not-sold"][0])
        sound.write("config/dev.yaml", f"{DEV}lint: {{ignore: {{zone-not-sold: I know}}}}\n")

        assert ["zone-not-sold", "ignore-unknown"] == [one.rule for one in _problems(sound)]
        assert not {"zone-not-sold", "ignore-unused"} & set(IGNORABLE)

    def test_in_the_base_for_one_environment(self, sound: Checkout) -> None:
        """An ignore that all share is of use if one needs it, and only known when all are seen."""
        sound.write("config/base.yaml", f"{BASE}lint: {{ignore: {{zone-unused: so be it}}}}\n")
        sound.write(
            "config/prod.yaml",
            "project: eng-ai-prod\nfleets:\n  v100:\n    accelerator: nvidia-tesla-v100\n"
            "    machine_types: {1: n1-highmem-8}\n    regions: {us-central1: [a]}\n",
        )

        assert () == examine(sound.root, ["dev", "prod"], today=TODAY).remarks
        assert () == examine(sound.root, ["dev"], today=TODAY).remarks
        (sound.root / "config" / "prod.yaml").unlink()
        assert ["ignore-unused"] == [one.rule for one in _problems(sound)]


def test_what_environments_share_is_told_once(sound: Checkout) -> None:
    """A remark about the base is one, not one for each environment."""
    _edit(sound, *CASES["zone-unused"][0])
    sound.write("config/prod.yaml", "project: eng-ai-prod\n")

    assert 1 == len(examine(sound.root, ["dev", "prod"], today=TODAY).remarks)


def test_warnings_come_before_notices(sound: Checkout) -> None:
    """What is probably wrong is told first."""
    _edit(sound, *CASES["zone-unused"][0])
    _edit(sound, *CASES["zone-doubtful"][0])

    assert ["warning", "warning", "notice"] == [one.severity for one in _problems(sound)]


def test_the_real_settings(golden: Callable[[str], object]) -> None:
    """Nothing that is deployed is wrong or doubtful; four zones more could be had."""
    remarks = examine(ROOT, ENVIRONMENTS, today=TODAY).remarks

    assert {"zone-unused"} == {remark.rule for remark in remarks}
    assert golden("real.txt") == "\n\n".join(map(str, remarks)) + "\n"
