"""README and docs: what is generated is current, what is named or linked is there."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

from pipeline_zen.cli import main
from tests.conftest import ROOT

PAGES = sorted(
    path
    for folder in ("", "docs", "constructs/fake_google")
    for path in (ROOT / folder).glob("*.md")
)
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _links(page: Path) -> Iterator[str]:
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(page.read_text(encoding="utf-8")):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    slugs: Counter[str] = Counter()
    anchors = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        anchors.add(f"{slug}-{slugs[slug]}" if slugs[slug] else slug)
        slugs[slug] += 1
    return anchors


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link's file is there, and so is its heading."""
    for link in _links(page):
        parts = urlsplit(link)
        if parts.scheme:
            assert "https" == parts.scheme, link
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        assert target.exists(), f"{_named(page)}: {link}: there is no such file"
        if parts.fragment:
            assert parts.fragment in _anchors(target), f"{_named(page)}: {link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    """What is moved in the code is moved in the documentation."""
    text = page.read_text(encoding="utf-8")

    for name in re.findall(r"`((?:constructs|docs|tests|tools|benchmarks)/[\w./*-]+)`", text):
        assert list(ROOT.glob(name)), f"{_named(page)} names {name}"


def test_every_page_is_linked_from_the_readme() -> None:
    """No page is only found by whoever looks into the folder."""
    linked = {(ROOT / urlsplit(link).path).resolve() for link in _links(ROOT / "README.md")}

    assert set() == set(PAGES) - linked - {ROOT / "README.md"}


def test_the_readme_is_short() -> None:
    """It leads on; what is long has a page of its own."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 250


def test_the_documentation_is_current() -> None:
    """Settings, commands, rules and the picture are those of the code: `make docs`."""
    generated = [str(page) for page in PAGES if "[[[cog" in page.read_text(encoding="utf-8")]
    assert {"settings.md", "commands.md", "architecture.md"} <= {
        Path(page).name for page in generated
    }
    checked = subprocess.run(
        [sys.executable, "-m", "cogapp", "-I", "tools", "--check", "--diff", *generated],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == checked.returncode, checked.stdout


def test_every_make_target_that_is_named_exists() -> None:
    """The documentation tells nobody to run what is not there, and leaves no target out."""
    named = set()
    for line in re.findall(r"\bmake ([a-z][a-z -]*)", (ROOT / "README.md").read_text()):
        named |= {word for word in line.split() if word in TARGETS}

    assert {"synth", "test", "init", "plan", "apply", "check", "expand", "golden"} <= named
    for page in PAGES:
        for target in re.findall(
            r"^ *make ([a-z-]+)(?: [A-Z]+=.*|  +#.*)?$", page.read_text(encoding="utf-8"), re.M
        ):
            assert target in TARGETS, _named(page)
    assert not TARGETS - named - {"help", "lint", "clean"}


def test_every_verb_is_in_the_reference() -> None:
    """Nothing that the command line can do is hidden."""
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

    for verb, command in main.commands.items():
        for name in (verb, *(f"{verb} {below}" for below in getattr(command, "commands", {}))):
            assert f"$ pipeline-zen {name} --help" in text


def test_every_commit_that_is_named_is_there() -> None:
    """The worked examples can be looked at, and are what they are said to be."""
    text = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    named = re.findall(r'`([0-9a-f]{7})`, "([^"]+)"', text)
    assert named
    shallow = subprocess.run(
        ["git", "rev-parse", "--is-shallow-repository"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "false" not in shallow.stdout:
        pytest.skip("this checkout has no history")

    for commit, subject in named:
        shown = subprocess.run(
            ["git", "log", "-1", "--format=%s", commit],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert f"{subject}\n" == shown.stdout
