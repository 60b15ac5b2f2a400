"""Rules on boot disks."""

from datetime import date

from tests.conftest import Checkout
from tests.settings.lint.cases import CASES, edit, problems


def test_a_boot_disk_that_is_not_sure_is_no_error(sound: Checkout) -> None:
    """What is only recalled of an N1's disks warns; what a source says of others refuses."""
    edit(sound, *CASES["boot-disk-doubtful"][0])
    edit(sound, *CASES["boot-disk-misfit"][0])

    assert ["boot-disk-misfit"] == [one.rule for one in problems(sound)]
    # Once both warn, both are told, each of its own fleet.
    assert [
        ("boot-disk-doubtful", "fleets.v100.boot_disk_type"),
        ("boot-disk-misfit", "fleets.a100-40gb.boot_disk_type"),
    ] == [
        (one.rule, one.path)
        for one in problems(sound, date(2028, 1, 1))
        if one.rule.startswith("boot-disk")
    ]
