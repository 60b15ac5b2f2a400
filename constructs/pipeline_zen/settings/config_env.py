"""
Checks an environment's secret file before its text goes to Secret Manager.

Every VM hands that text to its shell, which stops at the first mistake: the VM then neither works
nor deletes itself. So what the shell would trip over, or run as a command, is refused here, and so
is what the VM itself goes by. No problem ever shows a value or a line of the file.
"""

import re
from collections.abc import Callable
from pathlib import Path

from pipeline_zen import names
from pipeline_zen.settings.problems import Place, Problem, SettingsError
from pipeline_zen.settings.texts import TextError, read_text
from pipeline_zen.settings.vm_variables import of_the_vm

REQUIRED = ("PZ_HUGGINGFACE_TOKEN", "PZ_CUSTOMER_API_KEY")
"""What the jobs cannot do without."""

LIMIT = 65_536
"""The bytes that a version of a secret can hold."""

_LINE = re.compile(
    r"(?:export )?(?P<name>[A-Za-z_][A-Za-z0-9_]*)="
    r"(?P<value>(?!=)[A-Za-z0-9._/:=+@%,-]*|'[^'\x00-\x08\x0b-\x1f\x7f]*'"
    r"|\"[^\"$`\\\x00-\x08\x0b-\x1f\x7f]*\")"
)
"""A value that begins with an equals sign is the end of a token that was broken over lines."""

_ALLOWED = (
    "Take it out, or choose another name: allowed is what jobs alone read, such as PZ_DEVICE, "
    "HF_HOME, WANDB_API_KEY or NCCL_DEBUG. docs/secrets.md lists what is not."
)


def check(root: Path, environment: str) -> None:
    """Raise SettingsError with all that is wrong with the environment's file below *root*."""
    file = names.config_env(environment)
    problems: list[Problem] = []

    def problem(line: int, path: str, message: str, hint: str) -> None:
        # A line of nought is the file as such.
        place = Place(file, line or 1, 1)
        problems.append(Problem(place, path, message, hint, of_file=not line))

    text = _text(root / file, problem)
    if text is not None:
        _check_lines(text, problem)
    if problems:
        raise SettingsError(problems)


def _text(file: Path, problem: Callable[[int, str, str, str], None]) -> str | None:
    """The file's text with Unix line ends; None where it cannot be read."""
    try:
        copy = f"install -m 600 config-example.env {file.name}"
        text = read_text(file, f"Make it by `{copy}` and fill it in.")
    except TextError as error:
        problem(0 if error.of_file else error.line, "", error.message, error.hint)
        return None
    size = len(text.encode())
    if size > LIMIT:
        problem(1, "", f"{size} bytes long", f"Google stores at most {LIMIT} in a secret.")
    if text.startswith("\ufeff"):
        problem(1, "", "begins with a byte order mark", "Save it as UTF-8 without one.")
    if "\r" in text:
        problem(
            1, "", "has Windows line endings", "Save it with Unix ones: the VMs' shell reads it."
        )
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _check_lines(text: str, problem: Callable[[int, str, str, str], None]) -> None:
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        # Other blanks than these two are characters to a shell.
        stripped = line.strip(" \t")
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        if not match:
            hint = "Write NAME=value or NAME='value'; the VMs' shell would run anything else."
            problem(number, "", "not a setting that is safe to hand to a shell", hint)
            # Its name, where it has one, is not missing.
            name = stripped.removeprefix("export ").partition("=")[0].strip()
            lines.setdefault(name, number)
            continue
        name = match["name"]
        if name in lines:
            # Not by its name: a piece of a value that was broken over lines may look like one.
            problem(number, "", f"the name of line {lines[name]} again", "Keep one.")
        elif refused := of_the_vm(name):
            # By its name in the list, which is no piece of a value.
            message = "not for this file to set: {} changes {}".format(*refused)
            problem(number, "", message, _ALLOWED)
        elif name in REQUIRED and not match["value"].strip("'\" "):
            problem(number, name, "empty", "Every job needs it.")
        lines.setdefault(name, number)
    for name in REQUIRED:
        if name not in lines:
            problem(1, name, "missing", "Every job needs it; see config-example.env.")
