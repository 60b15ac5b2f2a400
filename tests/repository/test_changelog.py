"""The changelog."""

import re

from packaging.version import Version

from tests.conftest import ROOT


def test_the_changelog_is_in_order() -> None:
    """Its headings are releases, newest first; one may have no heading, if it is an image alone."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = [Version(heading) for heading in re.findall(r"^## (.*)$", text, re.MULTILINE)]

    assert releases == sorted(releases, reverse=True)
