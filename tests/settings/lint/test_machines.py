"""Rules on machine types."""

from tests.conftest import Checkout
from tests.settings.lint.cases import A100, GB200, IN_US_CENTRAL, edit, problems


def test_what_a_machine_needs_beside(sound: Checkout) -> None:
    """A machine that must have a placement policy is refused: Google would make none of its VMs."""
    edit(sound, (A100, GB200), *IN_US_CENTRAL)

    (problem,) = problems(sound)

    assert "a4x-highgpu-4g cannot be made here" == problem.message
    assert problem.hint.startswith("Its VMs need a placement policy, which is not set up")
