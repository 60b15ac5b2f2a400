"""
A review as Markdown, for a comment of a pull request: of bounded size, dangers first.

What comes from the plan is put as code, so that it can neither mention anybody nor be HTML. What
does not fit is left out from the end, and the report says at its top how much is shown. Dangers
are never left out: where they are too many to be told one by one, each kind is with its number.

    words     words, code and values that mean nothing else to Markdown
    page      a page of bounded size
    dangers   the findings
    changes   what changes
    contents  what goes and what comes, in full
"""

from collections.abc import Sequence

from pipeline_zen.masking import masked_text
from pipeline_zen.plan import FAILS, LONGEST, Check
from pipeline_zen.report.counts import LET_GO
from pipeline_zen.report.markdown.changes import add_changes, add_drift
from pipeline_zen.report.markdown.contents import add_created, add_gone
from pipeline_zen.report.markdown.dangers import add_dangers, named, noted, sentence
from pipeline_zen.report.markdown.page import Page, section
from pipeline_zen.report.markdown.words import code, fenced, inline
from pipeline_zen.report.marker import REHEARSAL, marker
from pipeline_zen.report.review import BLOCKED, NO_CHANGES, Review
from pipeline_zen.report.words import clipped

__all__ = ["LIMIT", "code", "failed", "fenced", "inline", "render", "unchanged"]

LIMIT = 60_000
"""Bytes; GitHub takes 65,536 characters, and something may be added below."""

_SHORTENED = 300
"""Characters of a value that are shown where there is no room for all of them."""

_FEW = 500
"""So many changes may have room with all of their values; with more it is not tried."""

_NOTES_LIMIT = 8_000
_RESERVE = 600
"""Bytes for the line on how much is shown, and for what closes the page."""


def render(review: Review, limit: int = LIMIT) -> str:
    """The report; its first line is the marker. Values are whole, where all of it has room."""
    page = None
    if len(review.plan.effective) <= _FEW:
        page = _page(review, limit, LONGEST)
    if page is None or page.cut or not page.whole:
        page = _page(review, limit, _SHORTENED)
    head = _head(review)
    if page.cut:
        shown = f"\n**{', '.join(page.cut)} are shown**; "
        head += f"{shown}`pipeline-zen diff --format json` has all of them.\n"
    return "".join([head, *page.parts])


def _page(review: Review, limit: int, longest: int) -> Page:
    page = Page(limit - _RESERVE - len(_head(review).encode()), longest)
    add_dangers(page, review)
    allowed = [
        f"- {sentence(found)} **Allowed** until {allowance.until}: "
        f"{inline(allowance.reason)} {named(found)}\n"
        for found, allowance in review.allowed
    ]
    page.shows(section(page, "Allowed dangers", allowed), len(allowed), "allowed dangers")
    notable = [noted(found, review.settings_of(found)) for found in review.notable]
    page.shows(section(page, "Worth a look", notable), len(notable), "things worth a look")
    total = len(review.plan.effective)
    page.shows(add_changes(page, review), total, "changes")
    add_drift(page, review)
    if review.plan.outputs:
        names = ", ".join(f"{code(name)} ({action.value})" for name, action in review.plan.outputs)
        page.add(f"\n### Outputs\n\n{names}\n")
    add_gone(page, review.changes)
    add_created(page, review.changes)
    return page


def failed(kind: str, environment: str, message: str) -> str:
    """A report that there is none, and why."""
    return (
        f"{marker(kind, environment)}\n"
        f"## ❌ {environment}: the {kind} failed\n\n"
        f"{fenced(masked_text(message)[-20_000:], 'text')}"
    )


def unchanged(kind: str, environment: str, message: str) -> str:
    """A report that nothing changes."""
    return f"{marker(kind, environment)}\n## ✅ {environment} · no changes\n\n{inline(message)}\n"


def _head(review: Review) -> str:
    sign = {NO_CHANGES: "✅", BLOCKED: "🛑"}.get(review.status, "🟢")
    if review.status != BLOCKED and (review.allowed or "safe" not in review.headline):
        sign = "✅" if review.is_plain else "⚠️"
    target = review.target
    provenance = review.provenance
    facts = [*review.facts, ("OpenTofu", review.plan.tofu_version)]
    if provenance.serial is not None:
        facts.append(
            ("state", f"serial {provenance.serial}, lineage {provenance.lineage or 'none'}")
        )
    facts.append(("digest", review.plan.digest))
    lines = [
        review.marker,
        f"## {sign} {target.environment} · {inline(review.headline)}",
        "",
        f"{'Rehearsal' if review.kind == REHEARSAL else 'Plan'} of {code(target.project)} · "
        + " · ".join(f"{name} {code(value)}" for name, value in facts),
        "",
        *_notes(review.notes),
        *_notes(review.plan.unread),
        *_checks(review.plan.checks),
    ]
    if not review.plan.empty:
        counts = [(name, n) for name, n in review.counts.items() if n != 0 or name != LET_GO]
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
        line = f"{inline(clipped(note))}\n"
        room -= len(line.encode())
        if room < 0:
            lines.append(f"And {len(notes) - number:,} more such sentences.\n")
            break
        lines.append(line)
    return lines


def _checks(checks: Sequence[Check]) -> list[str]:
    """The conditions that do not hold, those that are unknown folded away where they are many."""
    lines = [
        f"- {'❌' if check.outcome == FAILS else '❔'} {code(check.name)} {check.outcome}"
        f"{f': {inline(clipped(check.message))}' if check.message else '.'}"
        for check in checks
    ]
    room = _NOTES_LIMIT
    for number, line in enumerate(lines):
        room -= len(line.encode())
        if room < 0:
            return [*lines[:number], f"- and {len(lines) - number:,} more", ""]
    return [*lines, ""] if lines else []
