"""What `lint: {ignore: …}` leaves out."""

from datetime import date

import pytest

from pipeline_zen.settings import examine
from pipeline_zen.settings.lint import RULES, ignorable
from tests.conftest import Checkout
from tests.settings.lint.cases import BASE, CASES, DEV, PROJECT, TODAY, edit, problems


class TestIgnoring:
    """What `lint: {ignore: …}` leaves out."""

    def test_by_id(self, sound: Checkout) -> None:
        """A notice that is ignored is not made, and its ignore is no warning."""
        edit(sound, *CASES["zone-unused"][0])
        sound.write("config/dev.yaml", f"{DEV}    zone-unused: too far away\n")

        assert () == problems(sound)

    def test_only_that_rule(self, sound: Checkout) -> None:
        """Another rule's remark stays."""
        edit(sound, *CASES["zone-unused"][0])
        sound.write("config/dev.yaml", f"{DEV}    zone-doubtful: tried it\n")

        assert ["ignore-unused", "zone-unused"] == [one.rule for one in problems(sound)]

    def test_an_error_is_not(self, sound: Checkout) -> None:
        """What stops, stops: it says that to ignore it has no effect, and that is all."""
        edit(sound, *CASES["zone-not-sold"][0])
        sound.write("config/dev.yaml", f"{DEV}    zone-not-sold: I know\n")

        (problem,) = problems(sound)

        assert ("zone-not-sold", "error") == (problem.rule, problem.severity)
        assert problem.hint.endswith(
            " That `lint` ignores this has no effect while it is an error."
        )

    def test_an_error_that_has_aged_is(self, sound: Checkout) -> None:
        """What has become a warning by the age of its facts is ignored like any other."""
        edit(sound, *CASES["zone-not-sold"][0])
        sound.write("config/dev.yaml", f"{DEV}    zone-not-sold: I saw it there\n")

        assert ["catalogue-old"] == [one.rule for one in problems(sound, date(2027, 7, 2))]

    def test_what_is_no_error_today(self, sound: Checkout) -> None:
        """An ignore for a rule that finds nothing is not used, whatever its severity."""
        sound.write("config/dev.yaml", f"{DEV}    zone-not-sold: I know\n")

        assert [("ignore-unused", "warning")] == [
            (one.rule, one.severity) for one in problems(sound)
        ]

    @pytest.mark.parametrize("rule", ["ignore-unused", "ignore-unknown"])
    def test_what_is_about_ignoring_cannot_be(self, rule: str, sound: Checkout) -> None:
        """Or an ignore would excuse itself; every other rule can be ignored."""
        sound.write("config/dev.yaml", f"{DEV}    {rule}: because\n")

        (problem,) = problems(sound)

        assert ("ignore-unknown", "cannot be ignored") == (problem.rule, problem.message)
        assert problem.hint.endswith(" Correct it, or take it out.")
        assert set(RULES) == {*ignorable(), "ignore-unused", "ignore-unknown"}

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
        assert ["ignore-unused"] == [one.rule for one in problems(sound)]
