"""What replaces the base's is explained with both files where something is missed."""

import pytest

from pipeline_zen.settings import SettingsError, load
from tests.conftest import Checkout

WHY = "anew, which replaces that of config/base.yaml whole: copy line"


def _told(small: Checkout) -> str:
    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev"])
    return str(caught.value)


def test_a_section_that_lacks_what_the_base_has(small: Checkout) -> None:
    """A bucket that is only in the base is missed because the section was given anew."""
    small.edit("config/dev.yaml", "protected: false", "results_buckets: {us: US}")

    assert (
        f"config/dev.yaml gives this section {WHY} 5 from there, and what else is needed."
        in _told(small)
    )


def test_a_fleet_given_in_part(small: Checkout) -> None:
    """A fleet is taken whole: what is missed is in the base."""
    small.edit("config/dev.yaml", "protected: false", "fleets: {v100: {max_vms: {1: 9}}}")

    told = _told(small)

    assert told.count(f"config/dev.yaml gives this fleet {WHY} ") == 3
    assert "copy line 10 from there" in told


def test_what_the_base_lacks_as_well(small: Checkout) -> None:
    """Nothing is explained by the base that would be wrong with it, too."""
    small.edit("config/dev.yaml", "protected: false", "fleets: {l4: {accelerator: nvidia-l4}}")

    assert WHY not in _told(small)


def test_a_fleet_that_is_none(small: Checkout) -> None:
    """To leave out a fleet that the base does not have is a slip, and the near one is proposed."""
    small.edit("config/dev.yaml", "protected: false", "fleets: {v10: null}")

    with pytest.raises(SettingsError) as caught:
        load(small.root, ["dev"])

    (problem,) = caught.value.problems
    assert "no such fleet of the base's to leave out" == problem.message
    assert problem.hint.startswith('Did you mean "v100"? Allowed: a100-40gb, v100.')
    assert "fleets: {v100: null}" == problem.corrected


def test_nothing_for_a_fleet_in_the_base(small: Checkout) -> None:
    """A fleet whose lines were all taken out of the base is not left out in silence."""
    small.edit(
        "config/base.yaml",
        """\
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8, 4: n1-highmem-16}
    regions:
      us-central1: [a, b]
""",
        "",
    )

    assert "config/base.yaml:9:8: fleets.v100: must be a mapping, got nothing" in _told(small)
