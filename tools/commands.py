"""The verbs of the command line for docs/commands.md, which `make docs` writes."""

import re
from collections.abc import Iterator

from click import Command, Context, Group

from pipeline_zen.cli import main

USUAL = "0 done, 1 failed, 2 wrong settings or command line"


def verbs(command: Command = main, name: str = "pipeline-zen") -> Iterator[tuple[str, Command]]:
    """Each command with its name, the whole one first."""
    yield name, command
    if isinstance(command, Group):
        for below, verb in command.commands.items():
            yield from verbs(verb, f"{name} {below}")


def statuses() -> str:
    """A table of what each verb's exit status says, from its help."""
    lines = ["| verb | exit status |", "|---|---|"]
    for name, command in verbs():
        if isinstance(command, Group):
            continue
        told = re.search(r"Exit status[^:]*: (.+?)\.(?:\s|$)", command.help or "", re.DOTALL)
        status = " ".join(told[1].split()) if told else USUAL
        _, _, verb = name.partition(" ")
        lines.append(f"| [`{verb}`](#{name.replace(' ', '-')}) | {status} |")
    return "\n".join(lines)


def helps() -> str:
    """The help of each verb, below a heading with its name."""
    parts = []
    for name, command in verbs():
        with Context(command, info_name=name, max_content_width=80) as context:
            shown = command.get_help(context)
        parts.append(f"## {name}\n\n```\n$ {name} --help\n{shown}\n```")
    return "\n\n".join(parts)
