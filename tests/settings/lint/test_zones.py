"""Rules on zones."""

from tests.conftest import Checkout
from tests.settings.lint.cases import A100, edit, problems


def test_zones_of_which_the_same_is_to_be_said(sound: Checkout) -> None:
    """One doubt about several zones of a region is one warning."""
    edit(
        sound,
        (A100, "    accelerator: nvidia-l4\n    machine_types: {1: g2-standard-8}\n"),
        ("europe-west4: [a, b]", "europe-west4: [a, b, c]"),
    )

    assert [
        "europe-west4-a, europe-west4-b, europe-west4-c may not sell g2-standard-8",
        "us-east1-b may not sell g2-standard-8",
    ] == [one.message for one in problems(sound) if one.rule == "zone-doubtful"]


def test_a_region_that_sells_none(sound: Checkout) -> None:
    """A region without the machine is one finding, however many zones are listed in it."""
    edit(sound, ("us-east1: [b]", "us-east4: [a, b, c]"))

    (problem,) = problems(sound)

    assert "no zone of us-east4 sells a2-highgpu-1g, a2-highgpu-8g" == problem.message
    assert problem.hint.startswith("It is sold in asia-northeast1, ")


def test_a_zone_without_one_of_the_machine_types_is_not_proposed(sound: Checkout) -> None:
    """Only what could be listed is told: a zone must sell all machine types of the fleet."""
    edit(
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
        problem.message for problem in problems(sound)
    ]
