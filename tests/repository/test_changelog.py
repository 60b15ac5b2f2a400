"""The changelog."""

import re

from packaging.version import Version

from pipeline_zen.settings.forms import VERSION
from tests.conftest import ROOT


def test_the_changelog_is_in_order() -> None:
    """Its headings are releases, newest first; one may have no heading, if it is an image alone."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    other = [heading for heading in headings if not re.fullmatch(VERSION, heading)]
    assert not other, f"CHANGELOG.md: a heading is a release alone, such as 0.61.0, not {other}"
    releases = [Version(heading) for heading in headings]

    assert releases == sorted(releases, reverse=True), "CHANGELOG.md: the newest release is first"
