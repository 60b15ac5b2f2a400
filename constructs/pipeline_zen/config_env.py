"""
Checks an environment's secret file before its text goes to Secret Manager.

Every VM hands that text to its shell, which stops at the first mistake: the VM then neither works
nor deletes itself. So what the shell would trip over, or run as a command, is refused here. No
problem ever shows a value or a line of the file.
"""

import re
from pathlib import Path

from pipeline_zen import names
from pipeline_zen.settings import Place, Problem, SettingsError

REQUIRED = ("PZ_HUGGINGFACE_TOKEN", "PZ_CUSTOMER_API_KEY")
"""What the jobs cannot do without."""

LIMIT = 65_536
"""The bytes that a version of a secret can hold."""

_LINE = re.compile(
    r"(?:export )?(?P<name>[A-Za-z_][A-Za-z0-9_]*)="
    r"(?P<value>[A-Za-z0-9._/:=+@%,-]*|'[^']*'|\"[^\"$`\\]*\")"
)


def check(root: Path, environment: str) -> None:
    """Raise SettingsError with all that is wrong with the environment's file below *root*."""
    file = names.config_env(environment)
    problems: list[Problem] = []

    def problem(line: int, path: str, message: str, hint: str) -> None:
        problems.append(Problem(Place(file, line, 1), path, message, hint))

    try:
        data = (root / file).read_bytes()
        text = data.decode("utf-8")
    except FileNotFoundError:
        problem(1, "", "no such file", f"Copy config-example.env to {file} and fill it in.")
        raise SettingsError(problems) from None
    except (OSError, UnicodeDecodeError):
        problem(1, "", "cannot be read as text", "Save it as UTF-8, readable to you.")
        raise SettingsError(problems) from None

    if len(data) > LIMIT:
        problem(1, "", f"{len(data)} bytes long", f"Google stores at most {LIMIT} in a secret.")
    if "\r" in text:
        problem(
            1, "", "has Windows line endings", "Save it with Unix ones: the VMs' shell reads it."
        )
        text = text.replace("\r\n", "\n")

    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
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
            problem(number, name, f"given twice, first in line {lines[name]}", "Keep one.")
        elif name in REQUIRED and not match["value"].strip("'\""):
            problem(number, name, "empty", "Every job needs it.")
        lines.setdefault(name, number)
    for name in REQUIRED:
        if name not in lines:
            problem(1, name, "missing", "Every job needs it; see config-example.env.")

    if problems:
        raise SettingsError(problems)
