"""What changes, alike things together, and what was changed outside."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline_zen.plan import Action, AttributeChange, FoldedChange, Variant
from pipeline_zen.report.markdown.page import Page
from pipeline_zen.report.markdown.words import OPENLY, cell, code, fenced, inline, unmarked
from pipeline_zen.report.review import Review
from pipeline_zen.report.words import CHANGED, DONE, happening, short

_FEW = 3
_SHORT = 1_000
"""So many alike changes, in so many characters, are not folded away."""


def add_changes(page: Page, review: Review) -> int:
    """What changes; how many changes are shown."""
    shown = 0
    if review.changes:
        page.add("\n### Changes\n")
    before: tuple[str, Action] | None = None
    for folded in review.changes:
        kind = (folded.type, folded.action)
        head = _folded(folded, apart=kind == before)
        before = kind
        if not page.add(head):
            break
        for text, count in _variants(folded, page.left):
            if page.add(text):
                shown += count
    return shown


def _folded(folded: FoldedChange, *, apart: bool, done: Mapping[Action, str] = DONE) -> str:
    lines = [
        "",
        f"#### {'Apart from these: ' if apart else ''}{len(folded.variants):,} × "
        f"{code(folded.type)} {inline(happening(folded, done))}",
        "",
    ]
    if folded.forced_by:
        forced = ", ".join(map(code, folded.forced_by))
        lines += [f"Google cannot change {forced} in place.", ""]
    elif folded.reason:
        lines += [f"Because {inline(folded.reason)}.", ""]
    if rows := _rows(folded):
        lines += ["| attribute | before | after |", "| --- | --- | --- |", *rows, ""]
    for attribute in folded.common:
        if attribute.text:
            diff = fenced("\n".join(attribute.text), "diff")
            lines += [f"{code(attribute.path)}:", "", diff]
    if folded.settled_later and folded.action is not Action.CREATE:
        names = ", ".join(map(code, folded.settled_later[:OPENLY]))
        more = len(folded.settled_later) - OPENLY
        lines += [
            f"Known only after the apply: {names}{f' and {more} more' if more > 0 else ''}.",
            "",
        ]
    return "\n".join(lines) + "\n"


def _rows(folded: FoldedChange) -> list[str]:
    """The attributes that change, as rows of a table."""
    rows = [
        f"| {code(attribute.path)} | {cell(attribute.before)} | {cell(attribute.after)} |"
        for attribute in folded.common
        if not attribute.text
    ]
    first = {attribute.path: attribute for attribute in folded.variants[0].own}
    for path, values in folded.varying:
        example = first[path]
        before = f"{values:,} different, such as {cell(example.before)}"
        rows.append(f"| {code(path)} | {before} | {cell(example.after)} |")
    return rows


def _variants(folded: FoldedChange, left: int) -> Iterable[tuple[str, int]]:
    """The alike changes as one block, as many as fit into *left* bytes."""
    lines: list[str] = []
    room = left - 300
    for variant in folded.variants:
        line = _variant(variant, folded)
        room -= len(line.encode())
        if room < 0:
            break
        lines.append(line)
    if not lines:
        return
    total = len(folded.variants)
    cut = f", {len(lines):,} of {total:,} shown" if len(lines) < total else ""
    text = "".join(lines)
    if total > _FEW or len(text) > _SHORT:
        summary = f"{total:,} {unmarked(folded.type)}{cut}"
        text = f"<details><summary>{summary}</summary>\n\n{text}\n</details>\n"
    yield text, len(lines)


def _variant(variant: Variant, folded: FoldedChange) -> str:
    change = variant.change
    extra = []
    if folded.moves:
        extra.append(f"from {code(change.previous_address)}")
    if folded.imports:
        extra.append(f"imported by {code(change.import_id)}")
    if change.deposed:
        extra.append(f"deposed object {code(change.deposed)}")
    extra += [f"{code(one.path)} {cell(one.before)} → {cell(one.after)}" for one in variant.own]
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
    for folded in review.drift:
        if page.add(_folded(folded, apart=False, done=CHANGED)):
            for text, _ in _variants(folded, page.left):
                page.add(text)


def add_created(page: Page, changes: Sequence[FoldedChange]) -> None:
    """What new resources are made of, as far as there is room."""
    created = [
        variant.change
        for folded in changes
        if folded.action is Action.CREATE
        for variant in folded.variants
    ]
    if not created:
        return
    start = "\n<details><summary>What is created, in full</summary>\n"
    end = "\n</details>\n"
    page.left -= len(end) + 100
    if not page.add(start):
        return
    for number, change in enumerate(created):
        known = [attribute for attribute in change.attributes if not attribute.unknown]
        text = f"\n{code(change.address)}\n\n" + "".join(map(_value, known))
        if not page.add(text):
            page.left += 100
            page.add(f"\n{number:,} of {len(created):,} shown.\n")
            break
    page.left += len(end)
    page.add(end)


def _value(attribute: AttributeChange) -> str:
    if attribute.text:
        return f"- {code(attribute.path)}:\n\n{fenced(chr(10).join(attribute.text), 'diff')}\n"
    return f"- {code(attribute.path)} = {cell(attribute.after)}\n"
