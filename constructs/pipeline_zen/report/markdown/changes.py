"""What changes, alike things together, and what was changed outside."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline_zen.plan import Action, AttributeChange, Group, Member
from pipeline_zen.report.markdown.page import Page
from pipeline_zen.report.markdown.words import (
    CHANGED,
    DONE,
    OPENLY,
    cell,
    code,
    fenced,
    inline,
    short,
    unmarked,
)
from pipeline_zen.report.review import Review


def add_changes(page: Page, review: Review) -> int:
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
        names = ", ".join(map(code, group.settled_later[:OPENLY]))
        more = len(group.settled_later) - OPENLY
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
        summary = f"{len(group.members):,} {unmarked(group.type)}{cut}"
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


def add_drift(page: Page, review: Review) -> None:
    """What others have changed."""
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


def add_created(page: Page, groups: Sequence[Group]) -> None:
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
