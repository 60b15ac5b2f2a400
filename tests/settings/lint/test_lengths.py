"""Rules on names."""

import pytest

from pipeline_zen import names
from tests.conftest import Checkout
from tests.settings.lint.cases import edit, problems


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
    edit(
        sound,
        ("  a100-40gb:\n", f"  {fleet}:\n    image_version: '{release}'\n"),
        ("      europe-west4: [a, b]\n      us-east1: [b]\n", "      me-west1: [c]\n"),
        ("8: a2-highgpu-8g", "4: a2-highgpu-4g"),
    )

    found = [one for one in problems(sound) if one.rule == "name-too-long"]

    assert ["-tpl would have 64 characters, and Google allows 63"] * over == [
        f"-{one.message.rpartition('-')[2]}" for one in found
    ]


def test_a_boot_disk_has_a_shorter_name_than_the_template() -> None:
    """So its length needs no check of its own."""
    disk, template = names.boot_disk("1xa", "0.60.1"), names.template("1xa", "0.60.1", "0" * 8)

    assert len(disk) < len(template)
