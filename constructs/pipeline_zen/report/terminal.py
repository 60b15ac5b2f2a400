"""A review for a terminal: the same as in Markdown, in colour where there is any."""

import io
from collections.abc import Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from pipeline_zen.guard import Severity
from pipeline_zen.plan import Action, Change, FoldedChange
from pipeline_zen.report.folding import FoldedFinding
from pipeline_zen.report.origins import Origin
from pipeline_zen.report.origins import listed as settings_listed
from pipeline_zen.report.review import BLOCKED, NO_CHANGES, Review
from pipeline_zen.report.words import CHANGED, DONE, clean, happening, short

WIDE = 10_000
"""Columns where the report goes into a file or a pipe, so that no line is broken."""

_COLOURS = {
    Action.CREATE: "green",
    Action.UPDATE: "yellow",
    Action.REPLACE: "red",
    Action.REPLACE_AFTER: "yellow",
    Action.DELETE: "red",
    Action.FORGET: "magenta",
    Action.FORGET_CREATE: "red",
}
_MOST = 6
"""So many members or attributes are listed; the others are counted."""


def render(review: Review) -> str:
    """The report, with escape codes where the output is a terminal that knows them."""
    console = Console()
    if not console.is_terminal:
        console = Console(file=io.StringIO(), width=WIDE)
    with console.capture() as captured:
        for part in _parts(review):
            console.print(part)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _parts(review: Review) -> list[RenderableType]:
    colour = {NO_CHANGES: "green", BLOCKED: "red"}.get(review.status, "yellow")
    head = Text(f"{review.target.environment}: {review.headline}", style=f"bold {colour}")
    about = [f"{review.kind} of {review.target.project}"]
    about += [f"{name} {value}" for name, value in review.facts]
    parts: list[RenderableType] = [
        Panel.fit(Group(head, _text(", ".join(about))), border_style=colour),
        *map(_text, review.notes),
    ]
    if not review.plan.empty:
        parts.append(_counts(review))
    if review.blocking:
        parts.append(Text("Blocked", style="bold red"))
        parts += [_finding(found, "red", review.settings_of(found)) for found in review.blocking]
        if review.proposal:
            said = "If all of it is meant, add to config/allow.yaml:"
            parts += [_text(said), Padding(_text(review.proposal), (0, 0, 1, 2))]
    for found, allowance in review.allowed:
        reason = f"allowed until {allowance.until}: {allowance.reason}"
        parts += [_finding(found, "magenta"), Padding(_text(reason), (0, 0, 1, 2))]
    if review.notable:
        parts.append(Text("Worth a look", style="bold"))
        parts += [_finding(found, "yellow", review.settings_of(found)) for found in review.notable]
    parts += [_folded(folded) for folded in review.changes]
    if review.resized or review.drift:
        parts.append(Text("Changed outside of OpenTofu", style="bold"))
        if review.resized:
            groups = "1 group" if review.resized == 1 else f"{review.resized:,} groups"
            parts.append(_text(f"The scheduler has resized {groups}, as it should."))
        parts += [_folded(folded, CHANGED) for folded in review.drift]
    if review.plan.outputs:
        names = ", ".join(f"{name} ({action.value})" for name, action in review.plan.outputs)
        parts.append(_text(f"Outputs: {names}"))
    parts.append(_text(f"digest: {review.plan.digest()}"))
    return parts


def _counts(review: Review) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in review.counts:
        table.add_column(name, justify="right")
    table.add_row(*("unknown" if n is None else f"{n:,}" for n in review.counts.values()))
    return table


def _finding(found: FoldedFinding, colour: str, origins: Sequence[Origin] = ()) -> RenderableType:
    first = found.first
    many = f"{len(found.findings)} x " if len(found.findings) > 1 else ""
    kind = f"{many}{first.type} " if found.addresses else ""
    why = f" ({first.why})" if first.why else ""
    said = f"{kind}{first.what}{why}"
    if first.severity is Severity.KILLS_JOBS:
        vms = "unknown" if found.vms is None else found.vms
        gpus = "unknown" if found.gpus is None else found.gpus
        said += f"; VMs at most: {vms}, GPUs: {gpus}"
    elif first.severity is Severity.COSTS and found.gpus:
        said += f"; GPUs more at most: {found.gpus:,}"
    text = Text(f"{first.severity.value} ({first.rule}): ", style=f"bold {colour}")
    text.append(_clean(said), style="default")
    names = [short(one.address, one.type) for one in found.findings if one.address]
    lines: list[RenderableType] = [text, Padding(_text(f"-> {first.advice}"), (0, 0, 0, 2))]
    if origins:
        lines.append(Padding(_text(f"   setting: {settings_listed(origins)}"), (0, 0, 0, 2)))
    # Dangers are named one and all.
    shown = names if first.blocks else _listed(names)
    lines += [Padding(_text(line), (0, 0, 0, 4)) for line in shown]
    return Group(*lines, Text(""))


def _folded(folded: FoldedChange, done: Mapping[Action, str] = DONE) -> RenderableType:
    head = Text(f"{len(folded.variants)} x {folded.type} ", style="bold")
    head.append(happening(folded, done), style=_COLOURS.get(folded.action, "default"))
    lines: list[RenderableType] = [head]
    if folded.forced_by:
        lines.append(_text(f"  Google cannot change {', '.join(folded.forced_by)} in place"))
    elif folded.reason:
        lines.append(_text(f"  because {folded.reason}"))
    # Of what is new all attributes are, so the first few do.
    few = folded.common[:_MOST] if folded.action is Action.CREATE else folded.common
    for attribute in few:
        lines.append(_text(f"  {attribute.path}: {attribute.before} -> {attribute.after}"))
        if attribute.text:
            diff = Syntax(_clean("\n".join(attribute.text)), "diff")
            lines.append(Padding(diff, (0, 0, 0, 4)))
    if len(few) < len(folded.common):
        lines.append(_text(f"  … and {len(folded.common) - len(few):,} more attributes"))
    own = {attribute.path: attribute for attribute in folded.variants[0].own}
    for path, values in folded.varying:
        example = f"such as {own[path].before} -> {own[path].after}"
        lines.append(_text(f"  {path}: {values} different, {example}"))
    names = [_named(folded, variant.change) for variant in folded.variants]
    lines += [Padding(_text(line), (0, 0, 0, 4)) for line in _listed(names)]
    return Group(*lines, Text(""))


def _named(folded: FoldedChange, change: Change) -> str:
    extra = [f"from {change.previous_address}"] * folded.moves
    extra += [f"by {change.import_id}"] * folded.imports
    name = short(change.address, change.type)
    return f"{name} ({', '.join(extra)})" if extra else name


def _listed(names: Sequence[str]) -> list[str]:
    more = len(names) - _MOST
    return [*names[:_MOST], *([f"… and {more:,} more"] if more > 0 else [])]


def _text(text: str) -> Text:
    return Text(_clean(text))


def _clean(text: str) -> str:
    """*text* without what would move the cursor or turn the line around; its lines stay."""
    return "\n".join(map(clean, text.split("\n")))
