"""What no text of the settings may have: expressions of OpenTofu, and what nobody sees."""

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline_zen.settings import SettingsError, examine, load
from pipeline_zen.settings.model import EnvironmentFile
from tests.conftest import Checkout
from tests.settings.small import TODAY
from tests.settings.whole import WHOLE, Loc, put, texts

EXPRESSIONS = ("${file('dev-config.env')}", "%{ for x in y }", "$${escaped}", "a${", "%{", "x%{~")


def _dump(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, allow_unicode=True, width=10_000)


def _refused(checkout: Checkout, document: dict[str, Any]) -> SettingsError:
    checkout.write("config/base.yaml", "{}\n")
    checkout.write("config/dev.yaml", _dump(document))
    with pytest.raises(SettingsError) as caught:
        examine(checkout.root, ["dev"], today=TODAY)
    return caught.value


def test_the_whole_settings_are_sound(small: Checkout) -> None:
    """Each refusal comes from what is put into them; and they leave no setting out."""
    small.write("config/base.yaml", "{}\n")
    small.write("config/dev.yaml", _dump(WHOLE))

    assert load(small.root, ["dev"])
    assert set(EnvironmentFile.model_fields) == set(WHOLE)
    assert len(texts()) > 25


@pytest.mark.thorough
@pytest.mark.parametrize(("loc", "name"), texts(), ids=str)
def test_no_expression_anywhere(loc: Loc, name: bool, small: Checkout) -> None:
    """In no text, be it a value or a name, and the caret stands where the expression begins."""
    for text in EXPRESSIONS:
        error = _refused(small, put(loc, text, name=name))

        told = [one for one in error.problems if "begins an expression of OpenTofu" in one.message]
        assert told, f"{text} is taken at {loc}"
        for problem in told:
            assert problem.source[problem.place.column - 1 :].startswith(("${", "%{"))


@pytest.mark.thorough
@given(
    st.sampled_from(texts()),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.sampled_from(["${", "%{"]),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_expression_in_any_company(
    small: Checkout, where: tuple[Loc, bool], before: str, start: str, after: str
) -> None:
    """Whatever stands around it, and however YAML writes it."""
    loc, name = where
    small.write("config/base.yaml", "{}\n")
    document = put(loc, f"{before}{start}{after}", name=name)
    small.write("config/dev.yaml", yaml.safe_dump(document))

    with pytest.raises(SettingsError):
        load(small.root, ["dev"])


def test_an_expression_that_is_written_as_escapes(small: Checkout) -> None:
    """What YAML makes of it counts, not how it is written; then the value's place is told."""
    small.edit("config/dev.yaml", "local:", 'labels: {team: "a\\x24\\x7bb}"}\nlocal:')

    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev"])

    assert "config/dev.yaml:3:16: labels.team: ${ begins an expression" in str(caught.value)


HIDDEN = {
    "\u200b": r"\u200b (ZERO WIDTH SPACE)",
    "\u00a0": r"\u00a0 (NO-BREAK SPACE)",
    "\u2060": r"\u2060 (WORD JOINER)",
    "\u3164": r"\u3164 (HANGUL FILLER)",
    "\ufeff": r"\ufeff (ZERO WIDTH NO-BREAK SPACE)",
    "\u202e": r"\u202e (RIGHT-TO-LEFT OVERRIDE)",
    "\u0007": r"\u0007 (BELL)",
    "\u001b": r"\u001b (ESCAPE)",
    "\u0085": r"\u0085 (NEXT LINE)",
    "\u2028": r"\u2028 (LINE SEPARATOR)",
}


@pytest.mark.parametrize("character", HIDDEN)
@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("eng-ai-dev", "eng-@ai-dev", "config/dev.yaml:1:14"),
        ("eng-ai-dev", "'eng-ai-dev@'", "config/dev.yaml:1:21"),
        ("  clusters:", "  clus@ters:", "config/dev.yaml:4:7"),
        ("protected: false", "labels: {t: 'a@'}", "config/dev.yaml:2:15"),
    ],
)
def test_what_nobody_sees(character: str, old: str, new: str, place: str, small: Checkout) -> None:
    """It is told with its name at its own place, in a value and in a name, and never printed."""
    small.edit("config/dev.yaml", old, new.replace("@", character))

    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev"])

    text = str(caught.value)
    assert f"{place}: " in text
    assert HIDDEN[character] in text
    assert character not in text
    # The caret stands below the escape.
    lines = text.splitlines()
    caret = next(at for at, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1][lines[caret].index("^") :].startswith(HIDDEN[character].split()[0])


@pytest.mark.parametrize("character", ["\u00a0", "\u200b"])
def test_what_nobody_sees_between_settings(character: str, small: Checkout) -> None:
    """Where YAML itself trips over it, it is named instead of what YAML says."""
    small.edit("config/dev.yaml", "  clusters:", f"{character} clusters:")
    small.edit("config/dev.yaml", "protected: false", "labels:\n  t: a\n  # a comment")

    with pytest.raises(SettingsError, match=r"cannot be seen: \\u"):
        load(small.root, ["dev"])


@pytest.mark.parametrize("comment", ["# \u26a0\ufe0f mind", "# a\u00a0b", "# tab\there"])
def test_what_comments_may_have(comment: str, small: Checkout) -> None:
    """A blank or an emoji in a comment harms nobody."""
    small.edit("config/dev.yaml", "protected: false", f"protected: false  {comment}")

    assert load(small.root, ["dev"])


def test_a_comment_that_turns_its_line_around(small: Checkout) -> None:
    """What would show a reviewer another line than the one that counts is refused even there."""
    small.edit("config/dev.yaml", "protected: false", "protected: false  # \u202eeurt")

    with pytest.raises(SettingsError, match=r"config/dev.yaml:2:21: a character that may be now"):
        load(small.root, ["dev"])
