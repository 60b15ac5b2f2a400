"""The verb `synth`: what it says beside writing the stacks."""

import re

import pytest

from tests.conftest import Checkout, Run


@pytest.mark.node
def test_synth_counts_remarks(checkout: Checkout, run: Run) -> None:
    """Synthesis tells in one line on standard error that there is more, and goes on."""
    checkout.edit("config/base.yaml", "me-west1: [c]", "me-west1: [a, c]")

    result = run("-C", checkout.root, "synth", "dev")

    assert 0 == result.returncode
    # One more warning once the catalogue is a year old.
    assert re.fullmatch(
        r"(1 warning|2 warnings), 5 notices: make check NOTICES=yes\n", result.stderr
    )
    assert result.stdout.startswith("dev: 157 resources, ")


def test_a_stack_that_is_left_over(checkout: Checkout, run: Run) -> None:
    """The stack of an environment that is no more stays, and is told of."""
    checkout.write("cdktf.out/stacks/staging/cdk.tf.json", "{}")

    result = run("-C", checkout.root, "synth", "dev")

    assert 0 == result.returncode
    assert "cdktf.out/stacks/staging is of no environment any more: delete it" in result.stderr
    assert (checkout.root / "cdktf.out/stacks/staging/cdk.tf.json").exists()
    assert "stacks/prod" not in result.stderr
