"""
A review as Markdown, for a comment of a pull request: of bounded size, dangers first.

What comes from the plan is put as code, so that it can neither mention anybody nor be HTML. What
does not fit is left out from the end, and the report says at its top how much is shown. Dangers
are never left out: where they are too many to be told one by one, each kind is with its number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline_zen.guard import RULES, Severity
from pipeline_zen.origins import Origin
from pipeline_zen.plan import Action, AttributeChange, Group, Member, masked_text
from pipeline_zen.review import BLOCKED, NO_CHANGES, REHEARSAL, FoldedFinding, Review

LIMIT = 60_000
"""Bytes; GitHub takes 65,536 characters, and something may be added below."""

_DANGERS_LIMIT = 40_000
_NOTES_LIMIT = 8_000
_RESERVE = 600
"""Bytes for the line on how much is shown, and for what closes the page."""

_AROUND = 120
"""Bytes of what folds a list away, and says how much of it is shown."""

_LONGEST = 800
"""Characters of a sentence, such as one that names all permissions of a role."""

_FEW = 5
_OPENLY = 12
"""So many members are listed openly; more are folded away."""

DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated in place",
    Action.REPLACE: "replaced: the old one goes first",
    Action.REPLACE_AFTER: "replaced: the new one comes first",
    Action.DELETE: "destroyed",
    Action.FORGET: "forgotten: they stay at Google",
    Action.FORGET_CREATE: "forgotten, and created anew",
    Action.NO_OP: "left as they are",
    Action.READ: "read",
}


_CONTROL = re.compile(
    "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]+"
)
"""Characters that do something other than to be read."""

CHANGED = {**DONE, Action.UPDATE: "changed", Action.DELETE: "deleted"}
"""The same for what others have done."""


class _Page:
    """Text that knows how much more of it may come, and what was left out."""

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.parts: list[str] = []
        self.cut: list[str] = []
        """How much of what is shown, where that is not all, such as `3 of 5 changes`."""

    def add(self, text: str) -> bool:
        """Add *text* if it fits."""
        size = len(text.encode())
        if size > self.left:
            return False
        self.left -= size
        self.parts.append(text)
        return True

    def shows(self, shown: int, total: int, of: str) -> None:
        """Note how many of something are shown."""
        if shown < total:
            self.cut.append(f"{shown:,} of {total:,} {of}")


def render(review: Review, limit: int = LIMIT) -> str:
    """The report; its first line is the marker."""
    head = _head(review)
    page = _Page(limit - _RESERVE - len(head.encode()))
    _dangers(page, review)
    allowed = [
        f"- {_sentence(found)} **Allowed** until {allowance.until}: "
        f"{inline(allowance.reason)} {_named(found)}\n"
        for found, allowance in review.allowed
    ]
    page.shows(_section(page, "Allowed dangers", allowed), len(allowed), "allowed dangers")
    notable = [_noted(found, review.settings_of(found)) for found in review.notable]
    page.shows(_section(page, "Worth a look", notable), len(notable), "things worth a look")
    total = len(review.plan.effective)
    page.shows(_changes(page, review), total, "changes")
    _drift(page, review)
    if review.plan.outputs:
        names = ", ".join(f"{code(name)} ({action.value})" for name, action in review.plan.outputs)
        page.add(f"\n### Outputs\n\n{names}\n")
    _in_full(page, review.groups)
    if page.cut:
        shown = f"\n**{', '.join(page.cut)} are shown**; "
        head += f"{shown}`pipeline-zen diff --format json` has all of them.\n"
    return "".join([head, *page.parts])


def failed(kind: str, environment: str, message: str) -> str:
    """A report that there is none, and why."""
    return (
        f"<!-- pipeline-zen {kind} of {environment} -->\n"
        f"## ❌ {environment}: the {kind} failed\n\n"
        f"{fenced(masked_text(message)[-20_000:], 'text')}"
    )


def unchanged(kind: str, environment: str, message: str) -> str:
    """A report that nothing changes."""
    return (
        f"<!-- pipeline-zen {kind} of {environment} -->\n"
        f"## ✅ {environment} · no changes\n\n{inline(message)}\n"
    )


def _head(review: Review) -> str:
    sign = {NO_CHANGES: "✅", BLOCKED: "🛑"}.get(review.status, "🟢")
    if review.status != BLOCKED and (review.allowed or "safe" not in review.headline):
        sign = "✅" if review.plan.empty else "⚠️"
    target = review.target
    known = review.known
    facts = [*review.facts, ("OpenTofu", review.plan.tofu_version)]
    if known.serial is not None:
        facts.append(("state", f"serial {known.serial}, lineage {known.lineage or 'none'}"))
    facts.append(("digest", review.plan.digest()))
    lines = [
        review.marker,
        f"## {sign} {target.environment} · {inline(review.headline)}",
        "",
        f"{'Rehearsal' if review.kind == REHEARSAL else 'Plan'} of {code(target.project)} · "
        + " · ".join(f"{name} {code(value)}" for name, value in facts),
        "",
        *_notes(review.notes),
    ]
    if not review.plan.empty:
        counts = review.counts.items()
        lines += [
            "| " + " | ".join(name for name, _ in counts) + " |",
            "|" + " --: |" * len(counts),
            "| "
            + " | ".join("unknown" if n is None else f"**{n:,}**" if n else "0" for _, n in counts)
            + " |",
            "",
        ]
    return "\n".join(lines)


def _notes(notes: Sequence[str]) -> list[str]:
    lines: list[str] = []
    room = _NOTES_LIMIT
    for number, note in enumerate(notes):
        line = f"{inline(_clipped(note))}\n"
        room -= len(line.encode())
        if room < 0:
            lines.append(f"And {len(notes) - number:,} more such sentences.\n")
            break
        lines.append(line)
    return lines


def _dangers(page: _Page, review: Review) -> None:
    if not review.blocking:
        return
    page.add("\n### Blocked\n\n")
    heads = [_danger(found, review.settings_of(found)) for found in review.blocking]
    lists = [found.addresses for found in review.blocking]
    most = min(_DANGERS_LIMIT, page.left)
    if _size(heads) > most:
        page.add("So many that each kind is told once; `--format json` has them one by one.\n\n")
        kinds = _by_rule(review.blocking)
        heads = [_kind(rule, found) for rule, found in kinds.items()]
        lists = [
            tuple(address for one in found for address in one.addresses) for found in kinds.values()
        ]
        most = min(most, page.left)
    room = most - _size(heads)
    for number, (head, addresses) in enumerate(zip(heads, lists, strict=True)):
        # Each may use its share of what is left.
        listed = _list(addresses, max(room, 0) // (len(heads) - number))
        room -= len(listed.encode())
        page.add(f"{head}{listed}\n")
    if review.proposal:
        page.add(
            "\n<details><summary>If all of it is meant: what to add to "
            "<code>config/allow.yaml</code></summary>\n\n"
            f"{fenced(review.proposal, 'yaml')}\n</details>\n"
        )


def _size(heads: Sequence[str]) -> int:
    """Bytes that they take, each with an empty line below."""
    return sum(len(head.encode()) + 1 for head in heads)


def _by_rule(blocking: Sequence[FoldedFinding]) -> dict[str, list[FoldedFinding]]:
    kinds: dict[str, list[FoldedFinding]] = {}
    for found in blocking:
        kinds.setdefault(found.first.rule, []).append(found)
    return kinds


def _kind(rule: str, blocking: Sequence[FoldedFinding]) -> str:
    """All dangers of a rule, in a line."""
    every = FoldedFinding(tuple(one for found in blocking for one in found.findings))
    first = every.first
    killed = f": at most **{_vms(every)}**" if first.severity is Severity.KILLS_JOBS else ""
    return (
        f"- **{first.severity.value.capitalize()}**: {len(every.findings):,} × {code(rule)}"
        f"{killed}.\n  → {inline(RULES[rule].todo)}\n"
    )


def _danger(found: FoldedFinding, origins: Sequence[Origin]) -> str:
    severity, advice = found.first.severity.value.capitalize(), inline(found.first.advice)
    return f"- **{severity}**: {_sentence(found)}{_setting(origins)}\n  → {advice}\n"


def _setting(origins: Sequence[Origin]) -> str:
    some = ", ".join(inline(str(origin)) for origin in origins[:_FEW])
    more = f" and {len(origins) - _FEW:,} more" if len(origins) > _FEW else ""
    return f" Setting: {some}{more}." if origins else ""


def _sentence(found: FoldedFinding) -> str:
    """What happens to what, and why."""
    first = found.first
    what = _clipped(first.what)
    if not found.addresses:
        return f"{inline(what[:1].upper() + what[1:])}."
    many = f"{len(found.findings):,} × " if len(found.findings) > 1 else ""
    much = ""
    if first.severity is Severity.KILLS_JOBS:
        much = f": at most **{_vms(found)}**"
    elif first.severity is Severity.COSTS and found.gpus:
        much = f"; at most **{found.gpus:,} GPU{'s' * (found.gpus != 1)} more**"
    why = f" ({inline(_clipped(first.why))})" if first.why else ""
    return f"{many}{code(first.type)} {inline(what)}{much}{why}."


def _clipped(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]} … ({len(text) - _LONGEST:,} characters more)"


def _vms(found: FoldedFinding) -> str:
    vms, gpus = found.vms, found.gpus
    if vms is None:
        return "an unknown number of VMs"
    said = f"{vms:,} VM{'s' * (vms != 1)}"
    if vms == 0:
        return f"{said} as planned, and more if the scheduler raises it before the apply"
    return f"{said} with {'an unknown number of' if gpus is None else f'{gpus:,}'} GPUs"


def _noted(found: FoldedFinding, origins: Sequence[Origin]) -> str:
    """A finding that does not block, in a line, and the resources folded away."""
    return (
        f"- {found.first.severity.value.capitalize()}: {_sentence(found)}{_setting(origins)} "
        f"{inline(found.first.advice)} {_named(found)}\n"
    )


def _named(found: FoldedFinding) -> str:
    """The addresses, where they are few."""
    names = [short(one.address, one.type) for one in found.findings if one.address]
    if not names:
        return ""
    some = ", ".join(map(code, names[:_OPENLY]))
    more = f" and {len(names) - _OPENLY:,} more" if len(names) > _OPENLY else ""
    return f"({some}{more})"


def short(address: str, kind: str) -> str:
    """An address without its type, where it is in no module."""
    return address.removeprefix(f"{kind}.")


def _section(page: _Page, title: str, lines: Sequence[str]) -> int:
    """Lines under a heading, as many as fit; their number."""
    if not lines or not page.add(f"\n### {title}\n\n"):
        return 0
    return next((number for number, line in enumerate(lines) if not page.add(line)), len(lines))


def _changes(page: _Page, review: Review) -> int:
    """The groups; how many changes are shown."""
    shown = 0
    if review.groups:
        page.add("\n### Changes\n")
    before: tuple[str, Action] | None = None
    for group in review.groups:
        kind = (group.type, group.action)
        head = _group(group, apart=kind == before)
        before = kind
        if not page.add(head):
            break
        for text, count in _members(group, page.left):
            if page.add(text):
                shown += count
    return shown


def _group(group: Group, *, apart: bool, done: Mapping[Action, str] = DONE) -> str:
    count = len(group.members)
    words = [done[group.action]] if group.action is not Action.NO_OP else []
    words += ["moved"] * group.moves + ["imported"] * group.imports
    words += ["left over from an earlier replacement"] * group.deposed
    lines = [
        "",
        f"#### {'Apart from these: ' if apart else ''}{count:,} × {code(group.type)} "
        f"{inline(', '.join(words))}",
        "",
    ]
    if group.forced_by:
        forced = ", ".join(map(code, group.forced_by))
        lines += [f"Google cannot change {forced} in place.", ""]
    elif group.reason:
        lines += [f"Because {inline(group.reason)}.", ""]
    rows = [f"| {code(one.path)} | {cell(one.before)} | {cell(one.after)} |"
            for one in group.common if not one.text]  # fmt: skip
    first = {one.path: one for one in group.members[0].own}
    for path, values in group.varying:
        one = first[path]
        rows.append(
            f"| {code(path)} | {values:,} different, such as {cell(one.before)} | "
            f"{cell(one.after)} |"
        )
    if rows:
        lines += ["| attribute | before | after |", "| --- | --- | --- |", *rows, ""]
    for one in group.common:
        if one.text:
            lines += [f"{code(one.path)}:", "", fenced("\n".join(one.text), "diff")]
    if group.settled_later and group.action is not Action.CREATE:
        names = ", ".join(map(code, group.settled_later[:_OPENLY]))
        more = len(group.settled_later) - _OPENLY
        lines += [
            f"Known only after the apply: {names}{f' and {more} more' if more > 0 else ''}.",
            "",
        ]
    return "\n".join(lines) + "\n"


def _members(group: Group, left: int) -> Iterable[tuple[str, int]]:
    """The members as one block, as many as fit into *left* bytes."""
    lines: list[str] = []
    room = left - 300
    for member in group.members:
        line = _member(member, group)
        room -= len(line.encode())
        if room < 0:
            break
        lines.append(line)
    if not lines:
        return
    cut = (
        f", {len(lines):,} of {len(group.members):,} shown"
        if len(lines) < len(group.members)
        else ""
    )
    text = "".join(lines)
    if len(group.members) > 3 or len(text) > 1_000:  # noqa: PLR2004 - a few short lines
        summary = f"{len(group.members):,} {_unmarked(group.type)}{cut}"
        text = f"<details><summary>{summary}</summary>\n\n{text}\n</details>\n"
    yield text, len(lines)


def _member(member: Member, group: Group) -> str:
    change = member.change
    extra = []
    if group.moves:
        extra.append(f"from {code(change.previous_address)}")
    if group.imports:
        extra.append(f"imported by {code(change.import_id)}")
    if change.deposed:
        extra.append(f"deposed object {code(change.deposed)}")
    extra += [f"{code(one.path)} {cell(one.before)} → {cell(one.after)}" for one in member.own]
    name = short(change.address, change.type)
    return f"- {code(name)}{': ' if extra else ''}{'; '.join(extra)}\n"


def _drift(page: _Page, review: Review) -> None:
    if not review.drift and not review.resized:
        return
    page.add("\n### Changed outside of OpenTofu\n")
    if review.resized:
        groups = "1 group" if review.resized == 1 else f"{review.resized:,} groups"
        page.add(f"\nThe scheduler has resized {groups}, as it should.\n")
    for group in review.drift:
        if page.add(_group(group, apart=False, done=CHANGED)):
            for text, _ in _members(group, page.left):
                page.add(text)


def _in_full(page: _Page, groups: Sequence[Group]) -> None:
    """What new resources are made of, as far as there is room."""
    created = [
        member.change for group in groups if group.action is Action.CREATE
        for member in group.members
    ]  # fmt: skip
    if not created:
        return
    start = "\n<details><summary>What is created, in full</summary>\n"
    end = "\n</details>\n"
    page.left -= len(end) + 100
    if not page.add(start):
        return
    for number, change in enumerate(created):
        known = [one for one in change.attributes if not one.unknown]
        text = f"\n{code(change.address)}\n\n" + "".join(map(_value, known))
        if not page.add(text):
            page.left += 100
            page.add(f"\n{number:,} of {len(created):,} shown.\n")
            break
    page.left += len(end)
    page.add(end)


def _value(one: AttributeChange) -> str:
    if one.text:
        return f"- {code(one.path)}:\n\n{fenced(chr(10).join(one.text), 'diff')}\n"
    return f"- {code(one.path)} = {cell(one.after)}\n"


def _list(addresses: Sequence[str], room: int) -> str:
    """Addresses, folded away where they are many, as many as fit into *room* bytes."""
    lines = []
    room -= _AROUND
    for address in addresses:
        line = f"  - {code(address)}\n"
        room -= len(line.encode())
        if room < 0:
            break
        lines.append(line)
    if not lines:
        return ""
    if len(lines) < len(addresses):
        lines.append(f"  - … {len(lines):,} of {len(addresses):,} shown\n")
    text = "".join(lines)
    if len(addresses) > _OPENLY:
        summary = f"all {len(addresses):,}" if len(lines) == len(addresses) else "which"
        return f"\n  <details><summary>{summary}</summary>\n\n{text}\n  </details>\n"
    return text


def clean(text: str) -> str:
    """*text* as one line, without what would turn it around, hide in it or move a cursor."""
    return _CONTROL.sub(" ", text)


def code(text: object) -> str:
    """*text* as code: nothing in it means anything to Markdown, nor to a table."""
    flat = clean(str(text)).strip() or " "
    fence = "`" * (max(map(len, re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}".replace("|", "\\|")


def cell(text: str) -> str:
    """A value in a table: what is none is in plain words, the rest is code."""
    return f"*{text[1:-1]}*" if text.startswith("(") and text.endswith(")") else code(text)


def inline(text: str) -> str:
    """A sentence: what is between backticks stays code, the rest is only words."""
    parts = clean(text).split("`")
    if len(parts) % 2 == 0:
        parts = ["'".join(parts)]
    return "".join(code(part) if index % 2 else _plain(part) for index, part in enumerate(parts))


def _plain(text: str) -> str:
    return re.sub(r"([\\*_\[\]|#~])", r"\\\1", _unmarked(text))


def _unmarked(text: str) -> str:
    """*text* as HTML that is nothing but words; what stands in HTML is not read as Markdown."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub looks for mentions and links in the text that comes of it; a comment parts it.
    for word, parted in (("@", "@<!-- -->"), ("://", ":<!-- -->//"), ("www.", "www<!-- -->.")):
        text = text.replace(word, parted)
    return text


def fenced(text: str, language: str) -> str:
    """*text* as a block of code."""
    text = "\n".join(clean(line) for line in text.split("\n"))
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"
