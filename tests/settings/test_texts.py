"""What can be wrong with a file itself, told for every file that is read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline_zen import names
from pipeline_zen.guard import allowances
from pipeline_zen.settings import SettingsError, config_env, examine
from pipeline_zen.settings.problems import MOST
from tests.conftest import Checkout
from tests.settings.small import TODAY

UTF_16 = "UTF-16 text, and not UTF-8"
CONFLICT = "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> branch\n"


def _settings(root: Path) -> object:
    return examine(root, ["dev"], today=TODAY)


def _allowances(root: Path) -> object:
    return allowances(root, "dev", TODAY)


def _config_env(root: Path) -> object:
    config_env.check(root, "dev")
    return None


FILES: dict[str, Callable[[Path], object]] = {
    "VERSION": _settings,
    "config/base.yaml": _settings,
    "config/dev.yaml": _settings,
    "config/allow.yaml": _allowances,
    names.config_env("dev"): _config_env,
}
"""Every file that a user writes, and what reads it."""


def _nothing(path: Path) -> None:
    path.symlink_to("nowhere")


def _itself(path: Path) -> None:
    path.symlink_to(path.name)


def _large(path: Path) -> None:
    path.write_bytes(b"a" * 10_000_000)


WAYS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link to nothing": (_nothing, "a link to nowhere, which is not there"),
    "a link to itself": (_itself, "cannot be read: Too many levels of symbolic links"),
    "a folder": (Path.mkdir, "a folder, and no file"),
    "a pipe": (os.mkfifo, "a pipe or a device, and no file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "a pipe or a device, and no file"),
    "ten megabytes": (_large, "10,000,000 bytes large"),
    "no text": (lambda path: path.write_bytes(b"a: \xff\n"), "not UTF-8 text (byte 3)"),
    "a conflict": (lambda path: path.write_text(CONFLICT), "a merge that left a conflict"),
    "what both came from": (
        lambda path: path.write_text("||||||| 1f2e3d4\na: 1\n"),
        "a merge that left a conflict",
    ),
    "UTF-16": (lambda path: path.write_bytes("a: 1".encode("utf-16")), UTF_16),
    "UTF-16 without a mark": (lambda path: path.write_bytes("a: 1".encode("utf-16-le")), UTF_16),
    "UTF-32": (lambda path: path.write_bytes("a".encode("utf-32")), "UTF-32 text, and not UTF-8"),
    "an old Mac's": (
        lambda path: path.write_bytes(b"a: 1\rb: 2"),
        "lines that end as on an old Mac",
    ),
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("way", WAYS)
def test_a_file_that_is_none(file: str, way: str, small: Checkout) -> None:
    """It is told by its name, at once and in few words, and nothing follows from it."""
    (small.root / file).unlink(missing_ok=True)
    make, message = WAYS[way]
    make(small.root / file)

    with pytest.raises(SettingsError) as caught:
        FILES[file](small.root)

    (problem,) = caught.value.problems
    assert (file, message) == (problem.place.file, problem.message)
    assert problem.hint
    assert len(str(caught.value)) < 500
    # What is wrong with the file as such is in no line of it.
    at = "" if problem.of_file else f":{problem.place.line}:{problem.place.column}"
    assert str(problem).startswith(f"{file}{at}: {message}\n")
    assert problem.of_file == (way not in ("no text", "a conflict", "what both came from"))


@pytest.mark.parametrize("file", FILES)
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(file: str, small: Checkout) -> None:
    """It is told with the command that lets one read it."""
    small.write(file, "a: 1\n")
    (small.root / file).chmod(0)

    with pytest.raises(SettingsError, match=r"(?s)cannot be read: .*chmod u\+r"):
        FILES[file](small.root)


def test_where_the_conflict_is(small: Checkout) -> None:
    """The first line of a conflict is shown; of the secret's file only its number."""
    small.write("config/dev.yaml", f"project: eng-ai-dev\n{CONFLICT}")
    small.write("dev-config.env", f"PZ_HUGGINGFACE_TOKEN=hf_CANARY\n{CONFLICT}")

    with pytest.raises(SettingsError) as caught:
        _settings(small.root)
    assert "config/dev.yaml:2:1: a merge that left a conflict\n    <<<<<<< HEAD\n    ^\n" in str(
        caught.value
    )
    with pytest.raises(SettingsError) as caught:
        _config_env(small.root)
    assert "dev-config.env:2:1: a merge that left a conflict\nKeep what" in str(caught.value)


LONG = "x" * 40_000


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("eng-ai-dev", LONG),
        ("eng-ai-dev", f"'{LONG} {LONG[:20_000]}'"),
        ("protected: false", f"{LONG}: 1"),
        ("protected: false", f"protected: false  # {LONG}\nx: 1  # {LONG[:30_000]}"),
        ("[1xlocal]", f"[{LONG}]"),
        ("[1xlocal]", f"[1x{'a' * 50_000}]"),
        ("protected: false", f"labels: {{{LONG}: a}}"),
        ("protected: false", f"lint: {{ignore: {{{LONG}: b c}}}}"),
        ("protected: false", f"fleets: {{{LONG}: null}}"),
        ("protected: false", f"fleets: {{v100: {{accelerator: {LONG}}}}}"),
        ("protected: false", f"results_buckets: {{{'us' * 40_000}: US}}"),
        ("protected: false", f"x: [{'a, ' * 15_000}a"),
    ],
)
def test_what_is_long_is_cut(old: str, new: str, small: Checkout) -> None:
    """A line or a name that no terminal could show is shown where it is wrong."""
    small.edit("config/dev.yaml", old, new)

    with pytest.raises(SettingsError) as caught:
        _settings(small.root)

    assert len(str(caught.value)) < 4_000


@pytest.mark.thorough
@pytest.mark.parametrize(
    "text",
    [
        "".join(f"wrong{n}: 1\n" for n in range(6_000)),
        "labels:\n" + "".join(f"  K{n}: A\n" for n in range(6_000)),
        "local:\n  clusters: [" + "x, " * 8_000 + "x]\n",
        "fleets:\n" + "".join(f"  f{n}: null\n" for n in range(6_000)),
    ],
)
def test_very_many_problems(text: str, small: Checkout) -> None:
    """The first are told, and that there are more; the rest is not even looked for."""
    small.write("config/dev.yaml", text)

    with pytest.raises(SettingsError) as caught:
        _settings(small.root)

    assert MOST == len(caught.value.problems)
    assert len(str(caught.value)) < 30_000
    assert "And at least 150 problems more, told once these are gone." in str(caught.value)
