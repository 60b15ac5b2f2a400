"""Words and code that mean nothing else to Markdown."""

import pytest

from pipeline_zen.report import markdown


class TestWords:
    """What comes from a plan is words, and nothing else."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a", "`a`"),
            ("", "` `"),
            ("a`b", "``a`b``"),
            ("a``b`c", "```a``b`c```"),
            ("`a", "`` `a ``"),
            ("a`", "`` a` ``"),
            ("a|b", "`a\\|b`"),
            ("a\nb\u2066c", "`a b\\u2066c`"),
        ],
    )
    def test_code(self, text: str, expected: str) -> None:
        """Nothing in it ends it, nor a cell of a table, nor a line."""
        assert expected == markdown.code(text)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a `b_c` d_e", "a `b_c` d\\_e"),
            ("a `b c_d", "a 'b c\\_d"),
            ("&lt; <b> *c*", "&amp;lt; &lt;b&gt; \\*c\\*"),
            ("@a", "@<!-- -->a"),
            ("https://a www.b", "https:<!-- -->//a www<!-- -->.b"),
        ],
    )
    def test_sentences(self, text: str, expected: str) -> None:
        """What is between backticks stays code, and the rest is only words."""
        assert expected == markdown.inline(text)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a\nb\n", "```x\na\nb\n```\n"),
            ("a```", "````x\na```\n````\n"),
            ("`````", "``````x\n`````\n``````\n"),
            ("a\rb\u202ec", "```x\na\\rb\\u202ec\n```\n"),
            ("\ta\tb", "```x\n\ta\tb\n```\n"),
        ],
    )
    def test_blocks(self, text: str, expected: str) -> None:
        """Nothing in a block ends it, or turns a line of it around."""
        assert expected == markdown.fenced(text, "x")
