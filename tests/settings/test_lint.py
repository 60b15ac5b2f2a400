"""Rules: what each finds and what it lets pass, how long facts last, and what is ignored."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline_zen import names
from pipeline_zen.fleet import clusters, exposure
from pipeline_zen.settings import Problem, SettingsError, examine
from pipeline_zen.settings.lint import IGNORABLE, RULES
from tests.conftest import ENVIRONMENTS, SETTINGS, Checkout, Facts

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

PROJECT = "project: eng-ai-dev\n"

DEV = f"""\
{PROJECT}lint:
  ignore:
    region-unused: these settings are small
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

IGNORED = (DEV, f"{DEV}    zone-unused: we like it so\n")

P100 = """\
  v100:
    accelerator: nvidia-tesla-p100
    machine_types: {4: n1-standard-32}
    cluster_capacity: {4: standard}
    regions:
      us-central1: [c, f]
"""

V100 = BASE[BASE.index("  v100:") : BASE.index("  a100-40gb:")]

GB200 = """\
    accelerator: nvidia-gb200
    machine_types: {4: a4x-highgpu-4g}
    capacity: reservation
    boot_disk_type: hyperdisk-balanced
"""

CASES: dict[str, tuple[list[Edit], list[Edit]]] = {
    "region-unknown": ([("us-east1:", "us-eats1:")], [("us-east1:", "us-west1:")]),
    "location-unknown": (
        [("europe: EU", "europe: EUU")],
        [("europe: EU", "europe: EUROPE-WEST1")],
    ),
    "accelerator-unknown": (
        [("accelerator: nvidia-tesla-v100", "accelerator: nvidia-v100")],
        [("accelerator: nvidia-tesla-v100", "accelerator: nvidia-tesla-t4")],
    ),
    "machine-unknown": (
        [("8: a2-highgpu-8g", "8: a2-highgpu-8")],
        [("8: a2-highgpu-8g", "16: a2-megagpu-16g")],
    ),
    "machine-misfit": (
        [("1: n1-highmem-8", "1: n1-highmem-16")],
        [("1: n1-highmem-8", "2: n1-highmem-16")],
    ),
    "boot-disk-misfit": (
        [(A100, f"{A100}    boot_disk_type: hyperdisk-balanced\n")],
        [(A100, f"{A100}    boot_disk_type: pd-ssd\n")],
    ),
    "name-too-long": (
        [("  a100-40gb:", "  a100-40gb-with-much-network:")],
        [("  a100-40gb:", "  a100-40gb-with-network:")],
    ),
    "machine-doubtful": (
        [
            (V100, P100.replace("{4: n1-standard-32}", "{4: n1-highcpu-96}")),
            (DEV, f"{DEV}    capacity-doubtful: tried\n"),
        ],
        [(V100, P100)],
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
    "ignore-unknown": ([(DEV, IGNORED[1].replace("zone-unused", "zone-unsed"))], [IGNORED]),
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
    "region-unused": (
        [(DEV, PROJECT)],
        [
            (DEV, PROJECT),
            (BASE[BASE.index("  a100-40gb:") :], ""),
            (
                "      us-central1: [a, b, c, f]",
                """\
      asia-east1: [c]
      europe-west4: [a, b, c]
      us-central1: [a, b, c, f]
      us-east1: [c]
      us-west1: [a, b]""",
            ),
            ("europe: EU", "asia: ASIA\n  europe: EU"),
        ],
    ),
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


OF_AGE = {
    "accelerator-unknown": date(2026, 7, 1),
    "boot-disk-misfit": date(2026, 7, 1),
    "capacity-not-sold": date(2026, 7, 1),
    "machine-misfit": date(2026, 8, 3),
    "machine-unknown": date(2026, 7, 1),
    "region-unknown": date(2026, 1, 9),
    "zone-not-sold": date(2026, 7, 1),
}
"""By rule that refuses on facts, the day of those that its case rests on."""


@pytest.mark.parametrize("rule", OF_AGE)
def test_every_refusal_grows_old(rule: str, sound: Checkout) -> None:
    """A fact refuses for a year, and warns from then on: it may have changed since."""
    _edit(sound, *CASES[rule][0])

    for days, severity in ((365, "error"), (366, "warning")):
        found = _problems(sound, OF_AGE[rule] + timedelta(days=days))
        assert {severity} == {one.severity for one in found if one.rule == rule}


def test_a_fleet_can_be_deployed_against_old_facts(sound: Checkout) -> None:
    """What the catalogue has never heard of stops nothing once the catalogue is old."""
    for rule in ("boot-disk-misfit", "machine-unknown", "accelerator-unknown", "region-unknown"):
        _edit(sound, *CASES[rule][0])
    sound.edit("config/base.yaml", "1: n1-highmem-8", "1: n9-highmem-8")

    (settings,) = examine(sound.root, ["dev"], today=date(2028, 1, 1)).settings

    assert 3 == len(clusters(settings))
    assert {None} == {row.on_demand for row in exposure(settings).rows}


def test_only_what_google_promised_does_not_grow_old(sound: Checkout) -> None:
    """How long a name may be is no fact of a day."""
    assert {rule.id for rule in RULES if rule.severity == "error"} == {
        *OF_AGE,
        "ignore-unknown",
        "name-too-long",
    }
    _edit(sound, *CASES["name-too-long"][0])

    assert ("name-too-long", "error") in {
        (one.rule, one.severity) for one in _problems(sound, date(2040, 1, 1))
    }


NEW = "2028-01-01,seen"
"""The day and the source of a row that was added by hand."""


class TestOneNewRow:
    """A row that was added later makes nothing else newer than it is."""

    @pytest.mark.parametrize("zone", ["us-west4-c", "us-east1-c"])
    def test_of_a_zone(self, zone: str, sound: Checkout, facts: Facts) -> None:
        """What a list does not have is as old as the list, in the row's region as elsewhere."""
        facts.add("zones.csv", f"nvidia-tesla-a100,{zone},a2-highgpu-1g a2-highgpu-8g,high,,{NEW}")
        _edit(sound, *CASES["zone-not-sold"][0])

        (problem,) = (
            one for one in _problems(sound, date(2028, 6, 1)) if one.rule == "zone-not-sold"
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
                f"nvidia-tesla-x1,1,8,52,,,,standard,pd-ssd,,,{NEW}",
            ),
            ("machine-unknown", "n1_machine_types.csv", f"n1-giant-2,2,64,{NEW}"),
        ],
    )
    def test_of_a_list(self, rule: str, file: str, row: str, sound: Checkout, facts: Facts) -> None:
        """What is in no list is as old as the lists."""
        facts.add(file, row)
        _edit(sound, *CASES[rule][0])

        assert {"warning"} == {
            one.severity for one in _problems(sound, date(2028, 6, 1)) if one.rule == rule
        }

    def test_of_one_machine_type(self, sound: Checkout, facts: Facts) -> None:
        """What is said of two machine types at once is as old as the older of their lists."""
        header = (facts.root / "zones.csv").read_text(encoding="utf-8").splitlines()[0]
        old = "nvidia-tesla-a100,us-east1-b,a2-highgpu-8g,high,,2026-07-01,seen"
        new = f"nvidia-tesla-a100,us-east1-c,a2-highgpu-1g,high,,{NEW}"
        facts.write("zones.csv", f"{header}\n{old}\n{new}\n")
        _edit(sound, ("us-east1: [b]", "us-east1: [d]"))

        hints = [
            one.hint
            for one in _problems(sound, date(2028, 6, 1))
            if one.message.endswith("-d does not sell a2-highgpu-1g, a2-highgpu-8g")
        ]

        assert ["In us-east1 it is sold in us-east1-c (as of 2026-07-01)"] == [
            hint.partition(".")[0] for hint in hints
        ]

    def test_the_list_is_still_old(self, sound: Checkout, facts: Facts) -> None:
        """One new row among old ones does not silence the warning of their age."""
        facts.add("zones.csv", f"nvidia-tesla-a100,us-west4-c,a2-highgpu-1g,high,,{NEW}")

        found = [one for one in _problems(sound, date(2028, 6, 1)) if one.rule == "catalogue-old"]

        assert ["what is known of zones is of 2026-07-01"] == [one.message for one in found]


def test_sizes_that_were_looked_at_again(sound: Checkout, facts: Facts) -> None:
    """New numbers of vCPUs do not make it newer how a machine is sold."""
    _edit(sound, *CASES["capacity-not-sold"][0])
    text = (facts.root / "machine_types.csv").read_text(encoding="utf-8")
    facts.write("machine_types.csv", text.replace("2026-07-01,Cyclenerd", "2028-01-01,Cyclenerd"))

    (problem,) = (
        one for one in _problems(sound, date(2028, 6, 1)) if one.rule == "capacity-not-sold"
    )

    assert "warning" == problem.severity


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("images_project", "datasets_location: USA\nimages_project", "datasets_location"),
        (
            "images_project",
            "local: {clusters: [1xlocal], location: USA}\nimages_project",
            "local.location",
        ),
    ],
)
def test_every_bucket_is_somewhere(old: str, new: str, path: str, sound: Checkout) -> None:
    """The location of the datasets, and of developers' own buckets, is looked at, too."""
    _edit(sound, (old, new))

    assert [("location-unknown", path)] == [(one.rule, one.path) for one in _problems(sound)]


def test_a_boot_disk_that_is_not_sure_is_no_error(sound: Checkout) -> None:
    """What is only recalled of an N1's disks warns; what a source says of others refuses."""
    _edit(sound, *CASES["boot-disk-doubtful"][0])
    _edit(sound, *CASES["boot-disk-misfit"][0])

    assert ["boot-disk-misfit"] == [one.rule for one in _problems(sound)]
    # Once both warn, both are told, each of its own fleet.
    assert [
        ("boot-disk-doubtful", "fleets.v100.boot_disk_type"),
        ("boot-disk-misfit", "fleets.a100-40gb.boot_disk_type"),
    ] == [
        (one.rule, one.path)
        for one in _problems(sound, date(2028, 1, 1))
        if one.rule.startswith("boot-disk")
    ]


@pytest.mark.parametrize(
    ("fleet", "release", "over"),
    [
        ("x" * 23, "0.60.1", False),
        ("x" * 24, "0.60.1", True),
        # The release that the fleet is pinned to is in the name, not the one in VERSION.
        ("x" * 23, "0.60.10", True),
    ],
)
def test_the_name_of_a_template(fleet: str, release: str, over: bool, sound: Checkout) -> None:
    """In a region with a short name, the template's is the one that can be too long."""
    _edit(
        sound,
        ("  a100-40gb:\n", f"  {fleet}:\n    image_version: '{release}'\n"),
        ("      europe-west4: [a, b]\n      us-east1: [b]\n", "      me-west1: [c]\n"),
        ("8: a2-highgpu-8g", "4: a2-highgpu-4g"),
    )

    found = [one for one in _problems(sound) if one.rule == "name-too-long"]

    assert ["-tpl would have 64 characters, and Google allows 63"] * over == [
        f"-{one.message.rpartition('-')[2]}" for one in found
    ]


def test_a_boot_disk_has_a_shorter_name_than_the_template() -> None:
    """So its length needs no check of its own."""
    disk, template = names.boot_disk("1xa", "0.60.1"), names.template("1xa", "0.60.1", "0" * 8)

    assert len(disk) < len(template)


def test_what_a_machine_needs_beside(sound: Checkout) -> None:
    """An Arm machine that wants a placement policy can be listed, but not without a word."""
    _edit(
        sound,
        (A100, GB200 + "    reservations: {4: ours}\n"),
        ("      europe-west4: [a, b]\n      us-east1: [b]\n", "      us-central1: [a, b]\n"),
    )

    found = {one.rule: one.hint for one in _problems(sound)}

    assert {"capacity-doubtful", "machine-doubtful", "zone-doubtful"} == set(found)
    assert found["machine-doubtful"].startswith(
        "It is an Arm machine, which wants an image of its own, and it must have a placement policy"
    )


def test_zones_of_which_the_same_is_to_be_said(sound: Checkout) -> None:
    """One doubt about several zones of a region is one warning."""
    _edit(
        sound,
        (A100, "    accelerator: nvidia-l4\n    machine_types: {1: g2-standard-8}\n"),
        ("europe-west4: [a, b]", "europe-west4: [a, b, c]"),
    )

    assert [
        "europe-west4-a, europe-west4-b, europe-west4-c may not sell g2-standard-8",
        "us-east1-b may not sell g2-standard-8",
    ] == [one.message for one in _problems(sound) if one.rule == "zone-doubtful"]


def test_a_reservation_of_what_may_not_be_sold_as_standard(sound: Checkout) -> None:
    """A reservation is consumed as standard, so a doubt about that is one about the reservation."""
    _edit(
        sound,
        (
            V100,
            P100.replace("{4: standard}", "{4: reservation}\n    reservations: {4: ours}"),
        ),
    )

    (problem,) = _problems(sound)

    assert "n1-standard-32 may not be had as reservation" == problem.message
    assert problem.hint.startswith("No source says whether it is sold as standard (as of")


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
        sound.write("config/dev.yaml", f"{DEV}    zone-unused: too far away\n")

        assert () == _problems(sound)

    def test_only_that_rule(self, sound: Checkout) -> None:
        """Another rule's remark stays."""
        _edit(sound, *CASES["zone-unused"][0])
        sound.write("config/dev.yaml", f"{DEV}    zone-doubtful: tried it\n")

        assert ["ignore-unused", "zone-unused"] == [one.rule for one in _problems(sound)]

    def test_an_error_is_not(self, sound: Checkout) -> None:
        """What stops, stops: it says that to ignore it has no effect, and that is all."""
        _edit(sound, *CASES["zone-not-sold"][0])
        sound.write("config/dev.yaml", f"{DEV}    zone-not-sold: I know\n")

        (problem,) = _problems(sound)

        assert ("zone-not-sold", "error") == (problem.rule, problem.severity)
        assert problem.hint.endswith(
            " That `lint` ignores this has no effect while it is an error."
        )

    def test_an_error_that_has_aged_is(self, sound: Checkout) -> None:
        """What has become a warning by the age of its facts is ignored like any other."""
        _edit(sound, *CASES["zone-not-sold"][0])
        sound.write("config/dev.yaml", f"{DEV}    zone-not-sold: I saw it there\n")

        assert ["catalogue-old"] == [one.rule for one in _problems(sound, date(2027, 7, 2))]

    def test_what_is_no_error_today(self, sound: Checkout) -> None:
        """An ignore for a rule that finds nothing is not used, whatever its severity."""
        sound.write("config/dev.yaml", f"{DEV}    zone-not-sold: I know\n")

        assert [("ignore-unused", "warning")] == [
            (one.rule, one.severity) for one in _problems(sound)
        ]

    @pytest.mark.parametrize("rule", ["ignore-unused", "ignore-unknown"])
    def test_what_is_about_ignoring_cannot_be(self, rule: str, sound: Checkout) -> None:
        """Or an ignore would excuse itself; every other rule can be ignored."""
        sound.write("config/dev.yaml", f"{DEV}    {rule}: because\n")

        (problem,) = _problems(sound)

        assert ("ignore-unknown", "cannot be ignored") == (problem.rule, problem.message)
        assert problem.hint.endswith(" Correct it, or take it out.")
        assert {rule.id for rule in RULES} == {*IGNORABLE, "ignore-unused", "ignore-unknown"}

    def test_in_the_base_for_one_environment(self, sound: Checkout) -> None:
        """An ignore that all share is of use if one needs it, and only known when all are seen."""
        ignores = "{zone-unused: so be it, region-unused: these settings are small}"
        sound.write("config/base.yaml", f"{BASE}lint: {{ignore: {ignores}}}\n")
        sound.write("config/dev.yaml", PROJECT)
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
    sound.write("config/prod.yaml", DEV.replace("-dev", "-prod"))

    assert 1 == len(examine(sound.root, ["dev", "prod"], today=TODAY).remarks)


def test_warnings_come_before_notices(sound: Checkout) -> None:
    """What is probably wrong is told first."""
    _edit(sound, *CASES["zone-unused"][0])
    _edit(sound, *CASES["zone-doubtful"][0])

    assert ["warning", "warning", "notice"] == [one.severity for one in _problems(sound)]


def test_the_real_settings(golden: Callable[[str], object]) -> None:
    """Nothing that is deployed is wrong or doubtful; zones and regions more could be had."""
    remarks = examine(SETTINGS, ENVIRONMENTS, today=TODAY).remarks

    assert {"region-unused", "zone-unused"} == {remark.rule for remark in remarks}
    assert golden("real.txt") == "\n\n".join(map(str, remarks)) + "\n"
