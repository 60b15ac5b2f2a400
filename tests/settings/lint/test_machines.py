"""Rules on machine types."""

from tests.conftest import Checkout
from tests.settings.lint.cases import A100, GB200, edit, problems


def test_what_a_machine_needs_beside(sound: Checkout) -> None:
    """An Arm machine that wants a placement policy can be listed, but not without a word."""
    edit(
        sound,
        (A100, GB200 + "    reservations: {4: ours}\n"),
        ("      europe-west4: [a, b]\n      us-east1: [b]\n", "      us-central1: [a, b]\n"),
    )

    found = {one.rule: one.hint for one in problems(sound)}

    assert {"capacity-doubtful", "machine-doubtful", "zone-doubtful"} == set(found)
    assert found["machine-doubtful"].startswith(
        "It is an Arm machine, which wants an image of its own, and it must have a placement policy"
    )
