"""YAML that no person writes."""

import random

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline_zen.settings import SettingsError, load
from tests.conftest import Checkout
from tests.settings.small import BASE, DEV, file_of


@pytest.mark.thorough
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.randoms(use_true_random=False))
@example(random.Random(0))
def test_whatever_the_text_there_is_no_traceback(small: Checkout, dice: random.Random) -> None:
    """Mangled YAML loads or is refused with problems that point into its files."""
    for name, text in (("base", BASE), ("dev", DEV)):
        mangled = text
        for _ in range(dice.randint(0, 3)):
            start = dice.randint(0, len(mangled))
            end = min(len(mangled), start + dice.randint(0, 12))
            middle = dice.choice(
                [
                    "",
                    " ",
                    "\n",
                    "- ",
                    ": ",
                    "{",
                    "]",
                    "&a ",
                    "*a",
                    "null",
                    "1",
                    "'",
                    "!!int ",
                    "\t",
                    "é",
                ]
            )
            mangled = mangled[:start] + middle + mangled[end:]
        small.write(file_of(name), mangled)

    try:
        load(small.root, ["dev"])
    except SettingsError as error:
        for problem in error.problems:
            lines = (small.root / problem.place.file).read_text(encoding="utf-8").splitlines()
            assert 1 <= problem.place.line <= len(lines) + 1
            assert problem.message
            assert problem.hint


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("dev", "99999999999999999999: a", "not a name: 99999999999999999999"),
        ("dev", "labels: {99999999999999999999: a}", "not a name: 99999999999999999999"),
        ("dev", '"\\uD800": a', "not a name: ?"),
        ("dev", 'labels: {"\\uD800": a}', "not a name: ?"),
        ("dev", 'labels: {a: "\\uD800"}', "half a character"),
        ("dev", '"[key]": a', "not a name: [key]"),
        ("dev", 'labels: {"[key]": a}', "not a name: [key]"),
        ("dev", f"delivery: {{retention_days: 0x{'F' * 6000}}}", "too large a number"),
        ("dev", "x: " + "[" * 1000 + "]" * 1000, "nested too deeply"),
        (
            "base",
            "a0: &a0 [1, 2]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
            "more than 20,000 values",
        ),
    ],
)
def test_a_hostile_document(file: str, text: str, message: str, checkout: Checkout) -> None:
    """What no person writes is refused as quickly and as plainly as a typo."""
    path = checkout.root / "config" / f"{file}.yaml"
    checkout.write(f"config/{file}.yaml", path.read_text(encoding="utf-8") + f"\n{text}\n")

    with pytest.raises(SettingsError) as caught:
        load(checkout.root, ["dev"])

    assert message in str(caught.value)
