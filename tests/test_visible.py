"""Text that hides nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline_zen.errors import UserError
from pipeline_zen.visible import is_hidden, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, ünïcode and 漢字", "plain, ünïcode and 漢字"),
        ("two\nlines", "two\nlines"),
        ("a\u200bb", "a\\u200bb"),
        ("a\u202eb\u2066c", "a\\u202eb\\u2066c"),
        ("\x1b[31mred\x9b0m", "\\u001b[31mred\\u009b0m"),
        ("a\u00a0b\u3000c", "a\\u00a0b\\u3000c"),
        ("a\tb\rc", "a\\tb\\rc"),
        ("\u3164\u2800\ufe0f\u034f", "\\u3164\\u2800\\ufe0f\\u034f"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("\ufeffbom \ud800", "\\ufeffbom \\ud800"),
    ],
)
def test_what_hides_is_written_out(text: str, expected: str) -> None:
    """Zero-width, bidirectional, control and look-like-nothing characters; letters stay."""
    assert expected == visible(text)


@given(st.text())
def test_nothing_is_hidden(text: str) -> None:
    """Of any text, once is enough."""
    shown = visible(text)

    assert not any(map(is_hidden, shown))
    assert shown == visible(shown)


def test_every_error_for_the_user() -> None:
    """Whatever an error quotes, its message shows it."""
    assert "no region eu\\u200brope" == str(UserError("no region eu\u200brope"))
