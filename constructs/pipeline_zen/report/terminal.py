"""A review for a terminal: the same as in Markdown, in colour where there is any."""

from collections.abc import Iterator, Mapping, Sequence

from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline_zen import console
from pipeline_zen.guard import Severity
from pipeline_zen.plan import FAILS, ORDER, Action, Change, FoldedChange, cut
from pipeline_zen.report.counts import LET_GO, by_type
from pipeline_zen.report.folding import MOST_FINDINGS, FoldedFinding, by_rule
from pipeline_zen.report.identity import identity, introduced
from pipeline_zen.report.origins import Origin
from pipeline_zen.report.origins import listed as settings_listed
from pipeline_zen.report.proposal import MOST_PROPOSED
from pipeline_zen.report.review import BLOCKED, Review
from pipeline_zen.report.words import (
    CHANGED,
    DONE,
    MANY,
    TITLES,
    by_module,
    clean,
    clean_line,
    happening,
    short,
)

_COLOURS = {
    Action.CREATE: "green",
    Action.UPDATE: "yellow",
    Action.REPLACE: "red",
    Action.REPLACE_AFTER: "yellow",
    Action.DELETE: "red",
    Action.FORGET: "magenta",
    Action.LET_GO: "magenta",
    Action.FORGET_CREATE: "red",
}
_MOST = 20
"""So many alike changes are listed; the others are counted."""

_MOST_LISTS = 200
"""So many lists of alike changes are shown; the others are counted."""

_LONGEST = 300
"""Characters of a value that are shown."""

_Part = Text | Panel | Table


def render(review: Review) -> str:
    """The report, with escape codes where the output is a terminal that knows them."""
    return console.shown(*_parts(review))


def _parts(review: Review) -> Iterator[_Part]:
    yield from _head(review)
    named: set[str] = set()
    yield from _dangers(review, named)
    for found, allowance in review.allowed:
        yield from _finding(found, "magenta")
        yield _text(f"  allowed until {allowance.until}: {allowance.reason}\n")
    if review.notable:
        yield Text("Worth a look", style="bold")
    for found in review.notable:
        yield from _finding(found, "yellow", review.settings_of(found))
    for folded in review.changes[:_MOST_LISTS]:
        yield from _folded(folded, named)
    if len(review.changes) > _MOST_LISTS:
        more = len(review.changes) - _MOST_LISTS
        yield _text(f"… and {more:,} more such lists; --format json has all of them\n")
    if review.resized or review.drift:
        yield Text("Changed outside of OpenTofu", style="bold")
        if review.resized:
            groups = "1 group" if review.resized == 1 else f"{review.resized:,} groups"
            yield _text(f"The scheduler has resized {groups}, as it should.")
        for folded in review.drift:
            yield from _folded(folded, set(), CHANGED)
    if review.plan.outputs:
        names = ", ".join(f"{name} ({action.value})" for name, action in review.plan.outputs)
        yield _text(f"Outputs: {names}")
    yield _text(f"digest: {review.plan.digest}")


def _head(review: Review) -> Iterator[_Part]:
    colour = "red" if review.status == BLOCKED else "green" if review.is_plain else "yellow"
    head = Text(f"{review.target.environment}: {review.headline}", style=f"bold {colour}")
    about = [f"{review.kind} of {review.target.project}"]
    about += [f"{name} {value}" for name, value in review.facts]
    head.append(f"\n{clean(', '.join(about))}", style="not bold default")
    yield Panel.fit(head, border_style=colour)
    yield from map(_text, (*review.notes, *review.plan.unread))
    for check in review.plan.checks:
        message = f": {check.message}" if check.message else ""
        style = "bold red" if check.outcome == FAILS else "yellow"
        yield Text(clean(f"{check.name} {check.outcome}{message}"), style=style)
    if not review.plan.empty:
        yield _counts(review)
    if len(review.changes) > MANY:
        yield _types(review)


def _dangers(review: Review, named: set[str]) -> Iterator[_Part]:
    """What blocks; the addresses that it tells are *named* then."""
    if not review.blocking:
        return
    yield Text("Blocked", style="bold red")
    known = {change.address: identity(change) for change in review.plan.effective if change.goes}
    many = len(review.blocking) > MOST_FINDINGS
    for found in by_rule(review.blocking) if many else review.blocking:
        yield from _finding(found, "red", () if many else review.settings_of(found), known)
        named.update(found.addresses)
    if many:
        yield _text("So many that each kind is told once; --format json has them one by one.\n")
    elif proposed := review.proposal.yaml(MOST_PROPOSED):
        yield _text("If all of it is meant, add to config/allow.yaml:")
        yield _text("".join(f"  {line}\n" for line in proposed.split("\n")))
        if more := review.proposal.more(MOST_PROPOSED):
            yield _text(f"{more.replace('`', '')}\n")


def _counts(review: Review) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    counts = {name: n for name, n in review.counts.items() if n != 0 or name != LET_GO}
    for name in counts:
        table.add_column(name, justify="right")
    table.add_row(*("unknown" if n is None else f"{n:,}" for n in counts.values()))
    return table


def _types(review: Review) -> Table:
    """What happens to how many of which type."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("type")
    types = by_type(review.plan)
    actions = [action for action in ORDER if any(action in row for row in types.values())]
    for action in actions:
        table.add_column(TITLES.get(action, action.value), justify="right")
    for type_, row in list(types.items())[:_MOST]:
        table.add_row(clean(type_), *(f"{row[one]:,}" if one in row else "" for one in actions))
    if len(types) > _MOST:
        table.add_row(f"… and {len(types) - _MOST:,} more")
    return table


def _finding(
    found: FoldedFinding,
    colour: str,
    origins: Sequence[Origin] = (),
    known: Mapping[str, str] | None = None,
) -> Iterator[Text]:
    first = found.first
    many = f"{len(found.findings)} x " if len(found.findings) > 1 else ""
    one_type = all(finding.type == first.type for finding in found.findings)
    kind = f"{many}{first.type if one_type else 'resources'} " if found.addresses else ""
    why = f" ({first.why})" if first.why else ""
    sentence = f"{kind}{first.what}{why}"
    if first.severity is Severity.KILLS_JOBS:
        vms = "unknown" if found.vms is None else found.vms
        gpus = "unknown" if found.gpus is None else found.gpus
        sentence += f"; VMs at most: {vms}, GPUs: {gpus}"
    elif first.severity is Severity.COSTS and found.gpus:
        sentence += f"; GPUs more at most: {found.gpus:,}"
    text = Text(f"{first.severity.value} ({first.rule}): ", style=f"bold {colour}")
    text.append(clean(sentence), style="not bold default")
    yield text
    yield _text(f"  -> {first.advice}")
    if origins:
        yield _text(f"     setting: {settings_listed(origins)}")
    names = [_known(one.address, one.type, known or {}) for one in found.findings if one.address]
    # Dangers are named one and all.
    yield _text(
        "".join(f"    {clean(name)}\n" for name in (names if first.blocks else _few(names)))
    )


def _known(address: str, kind: str, known: Mapping[str, str]) -> str:
    """An address, with what Google knows it by where it goes."""
    known_as = introduced(known.get(address, "")).replace("`", "")
    return f"{address.removeprefix(f'{kind}.')}{known_as}"


def _folded(
    folded: FoldedChange, named: set[str], done: Mapping[Action, str] = DONE
) -> Iterator[Text]:
    head = Text(clean(f"{len(folded.variants)} x {folded.type} "), style="bold")
    head.append(happening(folded, done), style=_COLOURS.get(folded.action, "default"))
    yield head
    if folded.forced_by:
        yield _text(f"  Google cannot change {', '.join(folded.forced_by)} in place")
    elif folded.reason:
        yield _text(f"  because {folded.reason}")
    for attribute in folded.common:
        before, after = (cut(text, _LONGEST) for text in (attribute.before, attribute.after))
        yield _text(f"  {attribute.path}: {before} -> {after}")
        yield from map(_diff_line, attribute.text)
    own = {attribute.path: attribute for attribute in folded.variants[0].own}
    for path, values in folded.varying:
        before, after = (cut(text, _LONGEST) for text in (own[path].before, own[path].after))
        yield _text(f"  {path}: {values} different, such as {before} -> {after}")
    yield _text("".join(f"    {clean(line)}\n" for line in _members(folded, named)))


def _members(folded: FoldedChange, named: set[str]) -> list[str]:
    """The alike resources by module, but for those that are named above."""
    extra = folded.moves or folded.imports or folded.deposed
    others = [
        variant for variant in folded.variants if extra or variant.change.address not in named
    ]
    above = len(folded.variants) - len(others)
    lines = [f"{'it is' if above == 1 else f'{above:,} are'} named above"] if above else []
    members: list[str] = []
    for module, variants in by_module(others).items():
        if module:
            members.append(f"in {module}:")
        indent = "  " * bool(module)
        members += (f"{indent}{_member(folded, variant.change)}" for variant in variants)
    return [*lines, *_few(members)]


def _member(folded: FoldedChange, change: Change) -> str:
    extra = [f"from {change.previous_address}"] * folded.moves
    extra += [f"by {change.import_id}"] * folded.imports
    name = short(change.address, change.type)
    told = f"{name}{introduced(identity(change)).replace('`', '')}"
    return f"{told} ({', '.join(extra)})" if extra else told


def _diff_line(line: str) -> Text:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "default")
    return Text(f"    {clean_line(line)}", style=colour)


def _few(names: Sequence[str]) -> list[str]:
    more = len(names) - _MOST
    return [*names[:_MOST], *([f"… and {more:,} more"] if more > 0 else [])]


def _text(text: str) -> Text:
    """Text without what would move the cursor or turn a line around; its lines stay."""
    return Text("\n".join(map(clean, text.split("\n"))))
