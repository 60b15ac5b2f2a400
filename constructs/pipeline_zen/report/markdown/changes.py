"""What changes, alike things together, and what was changed outside."""

from collections.abc import Mapping

from pipeline_zen.plan import ORDER, Action, FoldedChange, Variant
from pipeline_zen.report.counts import by_type
from pipeline_zen.report.identity import identity, introduced
from pipeline_zen.report.markdown.page import Page
from pipeline_zen.report.markdown.words import OPENLY, code, inline, unmarked
from pipeline_zen.report.review import Review
from pipeline_zen.report.words import CHANGED, DONE, MANY, TITLES, by_module, happening, short

_FEW = 3
_SHORT = 1_000
"""So many alike changes, in so many characters, are not folded away."""

_AROUND = 300
"""Bytes of what folds them away."""

_MOST_TYPES = 40
"""Types that the table has a row for."""


def add_changes(page: Page, review: Review) -> int:
    """What changes; how many changes are shown."""
    shown = 0
    if review.changes:
        page.add("\n### Changes\n")
    if len(review.changes) > MANY:
        page.add(_types(review))
    before: set[tuple[str, Action]] = set()
    for folded in review.changes:
        kind = (folded.type, folded.action)
        head = _folded(page, folded, apart=kind in before)
        before.add(kind)
        if not page.add(head):
            break
        text, count = _variants(page, folded)
        if page.add(text):
            shown += count
    return shown


def _types(review: Review) -> str:
    """A table of what happens to how many of which type."""
    types = by_type(review.plan)
    actions = [action for action in ORDER if any(action in row for row in types.values())]
    lines = [
        "",
        f"| type | {' | '.join(TITLES.get(action, action.value) for action in actions)} |",
        f"| --- |{' --: |' * len(actions)}",
    ]
    for type_, row in list(types.items())[:_MOST_TYPES]:
        numbers = " | ".join(f"{row[one]:,}" if one in row else "" for one in actions)
        lines.append(f"| {code(type_)} | {numbers} |")
    if len(types) > _MOST_TYPES:
        lines.append(f"| and {len(types) - _MOST_TYPES:,} more |{' |' * len(actions)}")
    return "\n".join([*lines, ""])


def _folded(
    page: Page, folded: FoldedChange, *, apart: bool, done: Mapping[Action, str] = DONE
) -> str:
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
    if rows := _rows(page, folded):
        lines += ["| attribute | before | after |", "| --- | --- | --- |", *rows, ""]
    for attribute in folded.common:
        if attribute.text:
            lines += [f"{code(attribute.path)}:", "", page.diff(attribute.text)]
    if folded.settled_later and folded.action is not Action.CREATE:
        names = ", ".join(map(code, folded.settled_later[:OPENLY]))
        more = len(folded.settled_later) - OPENLY
        lines += [
            f"Known only after the apply: {names}{f' and {more} more' if more > 0 else ''}.",
            "",
        ]
    return "\n".join(lines) + "\n"


def _rows(page: Page, folded: FoldedChange) -> list[str]:
    """The attributes that change, as rows of a table."""
    rows = [
        f"| {code(one.path)} | {page.value(one.before)} | {page.value(one.after)} |"
        for one in folded.common
        if not one.text
    ]
    first = {attribute.path: attribute for attribute in folded.variants[0].own}
    for path, values in folded.varying:
        example = first[path]
        before = f"{values:,} different, such as {page.value(example.before)}"
        rows.append(f"| {code(path)} | {before} | {page.value(example.after)} |")
    return rows


def _variants(page: Page, folded: FoldedChange) -> tuple[str, int]:
    """The alike changes as one block, as many as there is room for; and how many are told."""
    told: dict[bool, list[Variant]] = {True: [], False: []}
    for variant in folded.variants:
        told[_is_told(page, folded, variant)].append(variant)
    named, others = told[True], told[False]
    above = _above(len(named), len(others)) if named else ""
    lines: list[str] = []
    room = page.left - _AROUND
    shown = 0
    for module, variants in by_module(others).items():
        heading = f"- in {code(module)}\n" if module else ""
        for variant in variants:
            line = f"{heading}{'  ' * bool(module)}{_variant(page, variant, folded)}"
            room -= len(line.encode())
            if room < 0:
                break
            heading = ""
            lines.append(line)
            shown += 1
    text = "".join(lines)
    total = len(others)
    if text and (total > _FEW or len(text) > _SHORT):
        cut = f", {shown:,} of {total:,} shown" if shown < total else ""
        summary = f"{total:,} {unmarked(folded.type)}{cut}"
        text = f"<details><summary>{summary}</summary>\n\n{text}\n</details>\n"
    return above + text, shown + len(named)


def _is_told(page: Page, folded: FoldedChange, variant: Variant) -> bool:
    """Whether it is named above, and there is nothing to add."""
    adds = folded.moves or folded.imports or folded.deposed or variant.own
    return not adds and variant.change.address in page.named


def _above(named: int, others: int) -> str:
    if others:
        return f"{named:,} {'is' if named == 1 else 'are'} named above; the others:\n\n"
    return "It is named above.\n" if named == 1 else "They are named above.\n"


def _variant(page: Page, variant: Variant, folded: FoldedChange) -> str:
    change = variant.change
    extra = []
    if folded.moves:
        extra.append(f"from {code(change.previous_address)}")
    if folded.imports:
        extra.append(f"imported by {code(change.import_id)}")
    if change.deposed:
        extra.append(f"deposed object {code(change.deposed)}")
    extra += [
        f"{code(one.path)} {page.value(one.before)} → {page.value(one.after)}"
        for one in variant.own
    ]
    known_as = inline(introduced(identity(change)))
    name = f"{code(short(change.address, change.type))}{known_as}"
    return f"- {name}{': ' if extra else ''}{'; '.join(extra)}\n"


def add_drift(page: Page, review: Review) -> None:
    """What others have changed."""
    if not review.drift and not review.resized:
        return
    page.add("\n### Changed outside of OpenTofu\n")
    if review.resized:
        groups = "1 group" if review.resized == 1 else f"{review.resized:,} groups"
        page.add(f"\nThe scheduler has resized {groups}, as it should.\n")
    for folded in review.drift:
        if page.add(_folded(page, folded, apart=False, done=CHANGED)):
            page.add(_variants(page, folded)[0])
