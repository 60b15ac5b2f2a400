"""The examples of README and documentation: each is typed by a user some day, so it works."""

import datetime
import re
import shlex
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt
from tools.environments import environments as listed

from pipeline_zen.cli import main
from pipeline_zen.guard import allowances
from pipeline_zen.settings import environments, examine, places
from tests.conftest import ROOT, Checkout

PAGES = sorted(
    path
    for folder in ("", "docs", "constructs/fake_google")
    for path in (ROOT / folder).glob("*.md")
)
DAY = datetime.date(2026, 11, 25)
"""The day that the examples are of."""

OTHERS = {"address=google_compute_instance_template.pipeline-zen-jobs-1xv100-tpl", "echo", "curl",
          "gcloud", "git", "number=$(gcloud", "rm", "tofu", ".", "eval", "install"}  # fmt: skip
"""The programs of others that a user is told to run; `cp` of what is there."""

READING = {"check", "expand", "exposure", "scheduler-config", "schema", "atlas"}
"""The verbs that need nothing but the settings, which are run as they are told."""


class Example(NamedTuple):
    """A fenced block, or a command among words."""

    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text.strip().splitlines()[0][:50]}"


def _fenced(language: str) -> list[Example]:
    return [
        Example(str(page.relative_to(ROOT)), token.content)
        for page in PAGES
        for token in MarkdownIt().parse(page.read_text(encoding="utf-8"))
        if token.type == "fence" and token.info == language
    ]


def _commands() -> Iterator[Example]:
    """Every line of every block for a shell, and every command of ours among words."""
    for name, text in _fenced("sh"):
        for line in text.replace("\\\n", " ").splitlines():
            if line.partition("#")[0].strip():
                yield Example(name, line)
    for page in PAGES:
        for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
            for child in token.children or ():
                words = child.content.split()
                ours = words[:1] in (["make"], ["pipeline-zen"]) and len(words) > 1
                if child.type == "code_inline" and ours:
                    yield Example(str(page.relative_to(ROOT)), child.content)


COMMANDS = sorted(set(_commands()))
YAML = _fenced("yaml")


def _added(checkout: Checkout, example: str) -> str:
    """Put an example where its first line says that it belongs; the file that it is in."""
    head, _, text = example.partition("\n")
    found = re.fullmatch(r"# (config/[a-z]+\.yaml)(?:: ([\w.-]+))?", head)
    assert found, f"it does not say in which file it belongs: {head}"
    file, setting = found[1], found[2]
    path = checkout.root / file
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if setting:
        environment = path.stem if path.stem != "base" else "dev"
        place = places(checkout.root, environment)(setting.split("."))
        assert place is not None, f"there is no {setting}"
        lines = before.splitlines(keepends=True)
        text = "".join([*lines[: place.line], text, *lines[place.line :]])
    else:
        text = before + text
    path.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("example", YAML, ids=str)
def test_settings(example: Example, checkout: Checkout) -> None:
    """Where it is added as it says, nothing is wrong with the settings."""
    file = _added(checkout, example.text)

    if file == "config/allow.yaml":
        assert allowances(checkout.root, "dev", DAY)
    else:
        remarks = examine(checkout.root, environments(checkout.root), today=DAY).remarks
        page = (ROOT / example.page).read_text(encoding="utf-8")
        # Of what is not certain the page itself speaks, by the rule.
        assert [] == [
            f"{remark}"
            for remark in remarks
            if remark.severity == "warning" and f"`{remark.rule}`" not in page
        ]


def test_an_environment(checkout: Checkout) -> None:
    """What is added by its file is seen by the workflows, and its secret's file by nobody."""
    (example,) = [text for _, text in YAML if "config/staging.yaml" in text]

    _added(checkout, example)

    assert ["dev", "staging", "prod"] == listed(checkout.root / "config")
    ignored = subprocess.run(
        ["git", "check-ignore", "-q", "staging-config.env"], cwd=ROOT, check=False
    )
    assert 0 == ignored.returncode


@pytest.mark.parametrize("example", COMMANDS, ids=str)
def test_a_command_is_one(example: Example) -> None:
    """Its program is known, and its target, verb, variables and options are there."""
    words = shlex.split(example.text, comments=True)
    if words[0] == "make":
        _made(words[1:])
    elif words[0] == "pipeline-zen":
        _parsed(words[1:])
    else:
        assert words[0] in OTHERS, f"{example.page}: {words[0]}"
        if words[0] == "install":
            assert ["-m", "600"] == words[1:3]
            assert (ROOT / words[3]).is_file()


def _made(words: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    given = re.search(r"^GIVEN := ((?:.*\\\n)*.*)", makefile, re.MULTILINE)
    assert given
    variables = set(given[1].split())
    # make itself is told where to be, and what follows a `&&` is a command of its own.
    for word in words[: words.index("&&") if "&&" in words else None]:
        name, equals, _ = word.partition("=")
        assert name in (variables if equals else targets | {"alone", "…"}), word


def _parsed(words: list[str]) -> click.Context:
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group):
        verb, *words = words
        assert verb in command.commands, verb
        command = command.commands[verb]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known, words
    return context


def _runnable() -> Iterator[Example]:
    for page, text in COMMANDS:
        words = shlex.split(text, comments=True)
        if words[0] == "pipeline-zen" and words[1] in READING and "FILE" not in words:
            yield Example(page, text)


@pytest.mark.node
@pytest.mark.parametrize("example", sorted(set(_runnable())), ids=str)
def test_a_verb_does_what_it_is_told(example: Example, checkout: Checkout) -> None:
    """The verbs that need nothing but the settings end as they should, with something to say."""
    words = [word for word in shlex.split(example.text, comments=True)[1:] if word != "ENV"]
    environment = next((word for word in words if word in ("dev", "prod")), "")
    if not environment and words != ["schema"]:
        environment = "dev"
        words.append(environment)
    start = ["-C", str(checkout.root)]
    for place, word in enumerate(words):
        if word.endswith(".yml"):
            text = CliRunner().invoke(main, [*start, "scheduler-config", environment]).stdout
            checkout.write(word, text)
            words[place] = str(checkout.root / word)

    result = CliRunner().invoke(main, [*start, *words])

    assert 0 == result.exit_code, result.output
    assert result.stdout


def test_completion() -> None:
    """The line that completes verbs in the shell gives a script, of bash and zsh."""
    (line,) = re.findall(
        r'^eval "\$\((\S+)=bash_source pipeline-zen\)"', (ROOT / "README.md").read_text(), re.M
    )
    for shell in ("zsh", "fish"):
        result = CliRunner().invoke(main, prog_name="pipeline-zen", env={line: f"{shell}_source"})
        assert "pipeline_zen" in result.output, shell
