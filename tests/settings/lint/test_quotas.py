"""Rules on quota."""

from tests.conftest import Checkout
from tests.settings.lint.cases import ASKED, edit, problems


def test_what_is_not_asked_for(sound: Checkout) -> None:
    """Clusters without a limit are named, and that all regions together never are asked for."""
    edit(
        sound,
        ("images_project", f"{ASKED}\nimages_project"),
        ("  v100:\n", "  v100:\n    max_vms: {1: 2}\n"),
        ("  a100-40gb:\n", "  a100-40gb:\n    max_vms: {8: 1}\n"),
    )

    (told,) = (problem for problem in problems(sound) if problem.rule == "quota-not-asked")

    assert told.hint.startswith(
        "Not for 1xa100-40gb: no limit in max_vms, nor for what counts against the same quota; "
        "all regions together (GPUS_ALL_REGIONS)"
    )


def test_nothing_is_asked_for(sound: Checkout) -> None:
    """Where Google is not asked at all there is nothing to say."""
    assert () == problems(sound)
