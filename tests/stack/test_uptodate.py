"""Nothing is synthesized where the stacks are those of what they are made from."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline_zen.stack import (
    StaleError,
    Written,
    input_digests,
    refuse_stale,
    remember,
    up_to_date,
)
from pipeline_zen.stack import uptodate as module
from tests.conftest import Checkout, Run

STACKS = {"dev": '{"resource": {}}', "prod": '{"resource": {"a": {}}}'}


@pytest.fixture
def synthesized(checkout: Checkout) -> Checkout:
    """A checkout whose stacks are remembered, with a stand-in for each."""
    checkout.write("cdktf.out/manifest.json", "{}")
    written = []
    for number, (name, text) in enumerate(STACKS.items()):
        file = f"cdktf.out/stacks/{name}/cdk.tf.json"
        checkout.write(file, text)
        written.append(Written(name, checkout.root / file, number, changed=True))
    remember(input_digests(checkout.root), checkout.root / "cdktf.out", STACKS, written)
    return checkout


def current(checkout: Checkout, *environments: str) -> list[str]:
    """The environments that are up to date; none where one that is asked for is not."""
    found = up_to_date(checkout.root, checkout.root / "cdktf.out", environments)
    return [stack.environment for stack in found.stacks] if found else []


def test_nothing_has_changed(synthesized: Checkout) -> None:
    """All of them, or those that are asked for, with what there is to say of them."""
    assert ["dev", "prod"] == current(synthesized)
    assert ["prod"] == current(synthesized, "prod")
    found = up_to_date(synthesized.root, synthesized.root / "cdktf.out", ["prod"])
    assert found
    assert (1, ["dev", "prod"]) == (found.stacks[0].resources, found.environments)
    assert not found.stacks[0].changed


def _pipe(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.mkfifo(file)


CHANGES: dict[str, Callable[[Checkout], object]] = {
    "a setting": lambda one: one.edit("config/dev.yaml", "protected: false", "protected: true"),
    "what is shared": lambda one: one.edit("config/base.yaml", "us: US", "us: EU"),
    "a release": lambda one: one.write("VERSION", "0.61.0\n"),
    "an environment added": lambda one: one.write("config/test.yaml", "project: eng-ai-test\n"),
    "an environment gone": lambda one: (one.root / "config/prod.yaml").unlink(),
    "an edited stack": lambda one: one.write("cdktf.out/stacks/dev/cdk.tf.json", "{}"),
    "a stack gone": lambda one: (one.root / "cdktf.out/stacks/dev/cdk.tf.json").unlink(),
    "a damaged manifest": lambda one: one.write("cdktf.out/manifest.json", "{"),
    "a manifest gone": lambda one: (one.root / "cdktf.out/manifest.json").unlink(),
    "a pipe for a setting": lambda one: _pipe(one.root / "config/dev.yaml"),
    "a pipe for a release": lambda one: _pipe(one.root / "VERSION"),
    "a pipe beside the settings": lambda one: _pipe(one.root / "config/x.yaml"),
    "a pipe for a stack": lambda one: _pipe(one.root / "cdktf.out/stacks/dev/cdk.tf.json"),
    "a pipe for the manifest": lambda one: _pipe(one.root / "cdktf.out/manifest.json"),
    "a pipe for the record": lambda one: _pipe(one.root / "cdktf.out/synthesized.json"),
    "a damaged record": lambda one: one.write("cdktf.out/synthesized.json", "{"),
    "a record of nothing": lambda one: one.write("cdktf.out/synthesized.json", "[]"),
    "an allowance": lambda one: one.write("config/allow.yaml", "dev: []\n"),
    "another environment's setting": lambda one: one.write("config/prod.yaml", "{}\n"),
    "a record of an earlier form": lambda one: one.write(
        "cdktf.out/synthesized.json", '{"inputs": "0", "stacks": {"dev": {"digest": "0"}}}'
    ),
    "a record gone": lambda one: (one.root / "cdktf.out/synthesized.json").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_something_has_changed(change: str, synthesized: Checkout) -> None:
    """Whatever it is, all of it is made anew."""
    CHANGES[change](synthesized)

    assert [] == current(synthesized)


def test_what_an_editor_leaves(synthesized: Checkout) -> None:
    """A hidden link to nothing, as Emacs makes of a file with unsaved edits, is no setting."""
    (synthesized.root / "config/.#dev.yaml").symlink_to("me@here.1234")

    assert ["dev", "prod"] == current(synthesized)


def test_a_stack_that_is_of_the_settings(synthesized: Checkout) -> None:
    """There is nothing to refuse; nor is there where no stack is."""
    out = synthesized.root / "cdktf.out"

    refuse_stale(synthesized.root, out, "dev")
    (out / "stacks/dev/cdk.tf.json").unlink()
    refuse_stale(synthesized.root, out, "dev")


UNKNOWN = "It is not known what {file} was made from"
STALE: dict[str, tuple[str, ...]] = {
    "{file} was made before there were changes of config/dev.yaml": (
        "a setting",
        "a pipe for a setting",
    ),
    "{file} was made before there were changes of config/base.yaml": ("what is shared",),
    "{file} was made before there were changes of VERSION": ("a release", "a pipe for a release"),
    "{file} was edited since it was made": ("an edited stack",),
    UNKNOWN: (
        *("a pipe for a stack", "a pipe for the record", "a damaged record", "a record of nothing"),
        *("a record gone", "a record of an earlier form"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_stack_that_is_not_of_the_settings(change: str, synthesized: Checkout) -> None:
    """It is told what has changed, and what makes it anew; what it is not made from is nothing."""
    root, out = synthesized.root, synthesized.root / "cdktf.out"
    reason = next((reason for reason, changes in STALE.items() if change in changes), None)
    CHANGES[change](synthesized)

    if not reason:
        refuse_stale(root, out, "dev")
        return
    with pytest.raises(StaleError) as caught:
        refuse_stale(root, out, "dev")
    file = root / "cdktf.out/stacks/dev/cdk.tf.json"
    told = f"{reason.format(file=file)}: run `make synth ENV=dev`, or `pipeline-zen synth dev`"
    assert told == str(caught.value)


def test_all_that_a_stack_was_made_before(synthesized: Checkout) -> None:
    """Of several changes each is told."""
    CHANGES["a release"](synthesized)
    CHANGES["what is shared"](synthesized)

    with pytest.raises(StaleError, match=r"changes of VERSION, config/base\.yaml: run"):
        refuse_stale(synthesized.root, synthesized.root / "cdktf.out", "prod")


def test_only_what_is_asked_for_counts(synthesized: Checkout) -> None:
    """A stack that was edited makes no other one old."""
    synthesized.write("cdktf.out/stacks/dev/cdk.tf.json", "{}")

    assert ["prod"] == current(synthesized, "prod")


@pytest.mark.parametrize("file", ["code.py", "requirements.lock"])
def test_other_code(file: str, synthesized: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another line of code, or another version of what it builds on, makes them old."""
    synthesized.write(f"package/{file}", "one")
    monkeypatch.setattr(module, "_CODE", synthesized.root / "package")
    monkeypatch.setattr(module, "_LOCK", synthesized.root / "package" / "requirements.lock")
    outdir = synthesized.root / "cdktf.out"
    stacks = [Written(name, outdir / f"stacks/{name}/cdk.tf.json", 0, False) for name in STACKS]
    remember(input_digests(synthesized.root), outdir, STACKS, stacks)
    assert ["dev", "prod"] == current(synthesized)

    synthesized.write(f"package/{file}", "two")

    assert [] == current(synthesized)
    with pytest.raises(StaleError, match="made before there were changes of the code: run"):
        refuse_stale(synthesized.root, outdir, "dev")


def test_one_alone_leaves_the_other_old(synthesized: Checkout) -> None:
    """What was not made anew from new settings is not taken for it."""
    synthesized.write("VERSION", "0.61.0\n")
    outdir = synthesized.root / "cdktf.out"
    dev = Written("dev", outdir / "stacks/dev/cdk.tf.json", 0, changed=True)
    remember(input_digests(synthesized.root), outdir, STACKS, [dev])

    assert ["dev"] == current(synthesized, "dev")
    assert [] == current(synthesized)
    assert ["dev"] == list(json.loads((outdir / "synthesized.json").read_text())["stacks"])


def test_an_edit_while_they_are_made(synthesized: Checkout) -> None:
    """What was saved after the settings were read is not in the stacks, and makes them old."""
    before = input_digests(synthesized.root)
    synthesized.edit("config/dev.yaml", "protected: false", "protected: true")
    outdir = synthesized.root / "cdktf.out"
    stacks = [Written(name, outdir / f"stacks/{name}/cdk.tf.json", 0, False) for name in STACKS]

    remember(before, outdir, STACKS, stacks)

    assert [] == current(synthesized)


@pytest.mark.node
def test_the_verb_says_so(checkout: Checkout, run: Run, tmp_path: Path) -> None:
    """The second time nothing is done, not even Node.js started, and that is said in a word."""
    assert 0 == run("-C", checkout.root, "synth").returncode
    before = checkout.files()

    result = run("-C", checkout.root, "synth", env={"JSII_NODE": str(tmp_path / "nowhere")})

    assert 0 == result.returncode, result.stderr
    lines = result.stdout.splitlines()
    assert [True, True] == [line.endswith("/cdk.tf.json up to date") for line in lines]
    assert before == checkout.files()

    checkout.write("cdktf.out/stacks/prod/cdk.tf.json", "{}")
    assert 0 == run("-C", checkout.root, "synth").returncode
    assert before == checkout.files()

    for name in ("stacks/prod/cdk.tf.json", "manifest.json", "synthesized.json"):
        _pipe(checkout.root / "cdktf.out" / name)
    assert 0 == run("-C", checkout.root, "synth").returncode
    assert before == checkout.files()


@pytest.mark.process
def test_to_tell_takes_no_settings() -> None:
    """The command line starts without the settings, which take longer to load than this to tell."""
    code = (
        "import sys, pipeline_zen.cli; sys.exit('pydantic' in sys.modules or 'yaml' in sys.modules)"
    )

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
