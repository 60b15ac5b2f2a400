"""
The package's folders for docs/architecture.md: as a picture, and as a table.

Both are made from what is there: the order and the sentences from the package's docstring, the
arrows from the imports. `make docs` writes them.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "constructs" / "pipeline_zen"
FIRST_WITH_CDK = "stack"

Arrows = Mapping[str, frozenset[str]]
"""Folders, each with those that it imports."""

DATA = """\
    yaml[("config/*.yaml, VERSION")] ==> settings
    stack ==> json[("cdktf.out/stacks/ENV/cdk.tf.json")]
    json ==> tofu
    json ==> rehearsal
    tofu <==> google(("Google Cloud"))
    rehearsal <==> fake(("fake_google"))
    tofu ==> changes[("tofu show -json")]
    rehearsal ==> changes
    changes ==> plan
    report ==> comment[("terminal, comment, JSON")]"""
"""The way of the data: what folders hand on by files and calls, which no import shows."""


def folders() -> dict[str, str]:
    """The folders in the order that the data passes them, each with its sentence."""
    text = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    return dict(re.findall(r"^    ([a-z_]+) {2,}(\S.*)$", text, re.MULTILINE))


def imported(path: Path) -> Iterator[str]:
    """Whatever a file imports, as dotted names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports() -> Arrows:
    """What each folder imports of the others."""
    arrows = {}
    for folder in folders():
        home = PACKAGE / folder
        files = sorted(home.rglob("*.py")) if home.is_dir() else [home.with_suffix(".py")]
        names = {name.split(".")[1] for file in files for name in imported(file) if _ours(name)}
        arrows[folder] = frozenset(names & folders().keys() - {folder})
    return arrows


def _ours(name: str) -> bool:
    return name.startswith(f"{PACKAGE.name}.")


def _everywhere() -> list[str]:
    """The modules beside the folders, which are so small that anything may use them."""
    return [name for name in folders() if not (PACKAGE / name).is_dir()]


def reduced(arrows: Arrows) -> Arrows:
    """The arrows without those that follow from others."""

    def reached(folder: str) -> frozenset[str]:
        return frozenset().union(*({below, *reached(below)} for below in arrows[folder]))

    return {
        folder: below - frozenset().union(*(reached(other) for other in below))
        for folder, below in arrows.items()
    }


def picture() -> str:
    """The folders and the way of the data, in Mermaid."""
    small = _everywhere()
    shown = {
        folder: below - set(small) for folder, below in imports().items() if folder not in small
    }
    names = list(shown)
    cut = names.index(FIRST_WITH_CDK)
    lines = ["flowchart TB", f'    everywhere["{", ".join(small)}"]']
    for title, members in (
        ("starts in a quarter of a second, without Node", names[:cut]),
        ("constructs", [FIRST_WITH_CDK]),
        ("uses all of it", names[cut + 1 :]),
    ):
        lines.append(f'    subgraph {members[0]}s ["{title}"]')
        lines += [f"        {name}" for name in members]
        lines.append("    end")
    for folder, below in reduced(shown).items():
        lines += [f"    {name} --> {folder}" for name in sorted(below, key=names.index)]
    return "\n".join(["```mermaid", *lines, DATA, "```"])


def table() -> str:
    """What each folder is for, what it imports and what it never may."""
    sentences, arrows = folders(), imports()
    names = list(sentences)
    lines = ["| folder | responsibility | imports | never imports |", "|---|---|---|---|"]
    for place, (name, sentence) in enumerate(sentences.items()):
        later = names[place + 1 :]
        never = [f"`{later[0]}` and what follows"] if later else ["nothing is barred"]
        if place < names.index(FIRST_WITH_CDK):
            never.append("the CDK")
        used = ", ".join(f"`{other}`" for other in sorted(arrows[name], key=names.index))
        lines.append(f"| `{name}` | {sentence} | {used or 'none'} | {', '.join(never)} |")
    lines.append(
        "| `fake_google`, beside the package | "
        "a server that OpenTofu and the provider take for Google Cloud | none | `pipeline_zen` |"
    )
    return "\n".join(lines)
