"""What changes, alike things together, and what was changed outside."""

from collections.abc import Mapping, Sequence

from pipeline_zen.plan import ORDER, Action, AttributeChange, FoldedChange, Variant
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

_MEMBERS = 1_000
"""Bytes that differences leave for the names of what they are of."""

_TABLE = "| attribute | before | after |\n| --- | --- | --- |\n"
_REST = "There is no room for all of it; `pipeline-zen diff --format json` has the rest.\n\n"

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
    # What goes and what comes follows in full.
    left = len(review.changes) + any(map(_is_told_in_full, review.changes))
    for number, folded in enumerate(review.changes):
        kind = (folded.type, folded.action)
        heading = _heading(folded, apart=kind in before)
        before.add(kind)
        room = (page.left - _MEMBERS) // (left - number)
        fits = page.add(f"{heading}{_attributes(page, folded, room)}")
        if not fits and not page.add(_part(page, folded, heading)):
            break
        text, count = _variants(page, folded)
        if page.add(text):
            shown += count
        if not fits:
            break
    return shown


def _is_told_in_full(folded: FoldedChange) -> bool:
    return folded.action is Action.CREATE or folded.variants[0].change.goes


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


def _heading(folded: FoldedChange, *, apart: bool, done: Mapping[Action, str] = DONE) -> str:
    """What happens to how many, and why."""
    heading = (
        f"\n#### {'Apart from these: ' if apart else ''}{len(folded.variants):,} × "
        f"{code(folded.type)} {inline(happening(folded, done))}\n\n"
    )
    if folded.forced_by:
        forced = ", ".join(map(code, folded.forced_by))
        return f"{heading}Google cannot change {forced} in place.\n\n"
    return f"{heading}Because {inline(folded.reason)}.\n\n" if folded.reason else heading


def _attributes(page: Page, folded: FoldedChange, room: int) -> str:
    """What changes in them; differences as far as there is *room*, but the beginning of each."""
    parts = [_table(_rows(page, folded))]
    texts = [attribute for attribute in folded.common if attribute.text]
    for attribute in texts:
        parts.append(_diff(attribute, page.diff(attribute.text, room // len(texts))))
    if folded.settled_later and folded.action is not Action.CREATE:
        names = ", ".join(map(code, folded.settled_later[:OPENLY]))
        more = len(folded.settled_later) - OPENLY
        parts.append(
            f"Known only after the apply: {names}{f' and {more} more' if more > 0 else ''}.\n\n"
        )
    return "".join(parts)


def _part(page: Page, folded: FoldedChange, heading: str) -> str:
    """As much as there is room for of what does not fit; empty where that is no attribute."""
    room = page.left - _MEMBERS - len(f"{heading}{_TABLE}{_REST}".encode())
    rows: list[str] = []
    for row in _rows(page, folded):
        size = len(row.encode()) + 1
        if size > room:
            break
        rows.append(row)
        room -= size
    parts = [_table(rows)]
    for attribute in folded.common:
        diff = page.diff(attribute.text, room - len(attribute.path.encode()), least=0)
        parts.append(_diff(attribute, diff))
        room -= len(parts[-1].encode())
    shown = "".join(parts)
    return f"{heading}{shown}{_REST}" if shown else ""


def _table(rows: Sequence[str]) -> str:
    return _TABLE + "".join(f"{row}\n" for row in rows) + "\n" if rows else ""


def _diff(attribute: AttributeChange, diff: str) -> str:
    return f"{code(attribute.path)}:\n\n{diff}\n" if diff else ""


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
        heading = _heading(folded, apart=False, done=CHANGED)
        told = page.add(f"{heading}{_attributes(page, folded, 0)}")
        if told or page.add(_part(page, folded, heading)):
            page.add(_variants(page, folded)[0])
