"""Rules on regions and bucket locations."""

import pytest

from tests.conftest import Checkout
from tests.settings.lint.cases import edit, problems


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
    edit(sound, (old, new))

    assert [("location-unknown", path)] == [(one.rule, one.path) for one in problems(sound)]
