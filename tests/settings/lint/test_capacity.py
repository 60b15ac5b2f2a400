"""Rules on capacity."""

from tests.conftest import Checkout
from tests.settings.lint.cases import A100, P100, V100, edit, problems


def test_a_reservation_of_what_may_not_be_sold_as_standard(sound: Checkout) -> None:
    """A reservation is consumed as standard, so a doubt about that is one about the reservation."""
    edit(
        sound,
        (
            V100,
            P100.replace("{4: standard}", "{4: reservation}\n    reservations: {4: ours}"),
        ),
    )

    (problem,) = problems(sound)

    assert "n1-standard-32 may not be had as reservation" == problem.message
    assert problem.hint.startswith("No source says whether it is sold as standard (as of")


def test_a_reservation_of_what_is_sold_as_standard(sound: Checkout) -> None:
    """A machine that can be had on demand can be reserved; there is nothing to doubt."""
    edit(
        sound,
        (A100, f"{A100}    cluster_capacity: {{8: reservation}}\n    reservations: {{8: ours}}\n"),
    )

    assert () == problems(sound)
