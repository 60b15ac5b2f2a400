"""The note beside a saved plan."""

import os

import pytest

from pipeline_zen.settings import Settings, load
from pipeline_zen.tofu import TofuError, note
from tests.conftest import Checkout

NOTE = note.Note("p", "c", "l", 3, "d", 1_764_082_800, first_creation=False, may_be_applied=True)


@pytest.fixture
def settings(checkout: Checkout) -> Settings:
    (settings,) = load(checkout.root, ["dev"])
    return settings


def test_it_is_read_as_it_was_written(checkout: Checkout) -> None:
    """All that it says comes back."""
    NOTE.write(checkout.root)

    assert NOTE == note.read(checkout.root, "dev")


def test_there_is_none(checkout: Checkout) -> None:
    """It is told what to run."""
    with pytest.raises(TofuError, match="no plan of dev to apply: run `make plan ENV=dev` first"):
        note.read(checkout.root, "dev")


@pytest.mark.parametrize("text", ["", "null", "[]", '{"digest": "d"}', '{"more": 1}', "{"])
def test_a_damaged_one(text: str, checkout: Checkout) -> None:
    """One that was cut off, or is of another version, is told and never half believed."""
    checkout.write(note.NOTE, text)

    with pytest.raises(TofuError, match=r"planned\.json is damaged: run `make plan ENV=dev` again"):
        note.read(checkout.root, "dev")


MADE_OF = (
    "VERSION",
    "config/base.yaml",
    "config/dev.yaml",
    "dev-config.env",
    "secrets.tfvars",
    "cdktf.out/stacks/dev/cdk.tf.json",
    "cdktf.out/stacks/dev/adopt.tf.json",
    "cdktf.out/stacks/dev/by-hand.tf",
    "cdktf.out/stacks/dev/some.auto.tfvars",
    "cdktf.out/stacks/dev/.terraform.lock.hcl",
)


@pytest.mark.parametrize("file", MADE_OF)
def test_what_a_plan_is_made_of(file: str, checkout: Checkout, settings: Settings) -> None:
    """A change of any file that it is made of changes the hash."""
    before = note.configuration(settings, checkout.root)
    checkout.write(file, "something else\n")
    changed = note.configuration(settings, checkout.root)
    checkout.write("README.md", "of no concern\n")

    assert before != changed
    assert changed == note.configuration(settings, checkout.root)


@pytest.mark.parametrize("file", MADE_OF)
def test_a_pipe(file: str, checkout: Checkout, settings: Settings) -> None:
    """Whatever of it is a pipe, it is told, and nobody is waited for."""
    checkout.write(file, "")
    (checkout.root / file).unlink()
    os.mkfifo(checkout.root / file)

    with pytest.raises(TofuError, match=rf"{file}: a pipe or a device, and no file\. Put a file"):
        note.configuration(settings, checkout.root)


@pytest.mark.parametrize("file", [note.NOTE, note.PLAN])
def test_a_pipe_in_the_place_of_the_plan(file: str, checkout: Checkout) -> None:
    """The same of what a plan leaves."""
    os.mkfifo(checkout.root / file)

    with pytest.raises(TofuError, match="a pipe or a device, and no file"):
        note.sha256(checkout.root / file)
    if file == note.NOTE:
        with pytest.raises(TofuError, match="a pipe or a device, and no file"):
            note.read(checkout.root, "dev")


def test_the_hash_of_a_file(checkout: Checkout) -> None:
    """It is of the bytes; a file that is missing has none."""
    checkout.write("x", "")

    assert note.sha256(checkout.root / "x").startswith("e3b0c44298fc1c14")
    assert "" == note.sha256(checkout.root / "nothing")
