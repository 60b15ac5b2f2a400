"""The verb `tofu apply`: what it refuses before it looks at anything."""

import pytest

from tests.conftest import SETTINGS, Run


@pytest.mark.parametrize("digest", ["", " "])
def test_an_empty_digest(digest: str, run: Run) -> None:
    """A digest that got lost on its way is refused before anything else is looked at."""
    result = run("-C", SETTINGS, "tofu", "apply", "dev", "--yes", "--expect", digest)

    assert 1 == result.returncode
    assert "it is empty: give it a value, or leave it out." in result.stderr
