"""The findings: what blocks, what was allowed, and what is worth a look."""

from collections.abc import Sequence

from pipeline_zen.guard import RULES, Severity
from pipeline_zen.report.folding import MOST_FINDINGS, FoldedFinding, by_rule
from pipeline_zen.report.identity import identity, introduced
from pipeline_zen.report.markdown.page import Page, listed
from pipeline_zen.report.markdown.words import OPENLY, code, fenced, inline
from pipeline_zen.report.origins import Origin
from pipeline_zen.report.origins import listed as settings_listed
from pipeline_zen.report.proposal import MOST_PROPOSED
from pipeline_zen.report.review import Review
from pipeline_zen.report.words import clipped, short

_DANGERS_LIMIT = 40_000


def add_dangers(page: Page, review: Review) -> None:
    """What blocks, each told in any case, with what would let it pass."""
    if not review.blocking:
        return
    page.add("\n### Blocked\n\n")
    known = {change.address: identity(change) for change in review.plan.effective if change.goes}
    kinds = list(review.blocking)
    most = min(_DANGERS_LIMIT, page.left)
    # So many cannot fit, whatever they say.
    many = len(kinds) > MOST_FINDINGS
    heads = [] if many else [_danger(found, review.settings_of(found)) for found in kinds]
    if many or _size(heads) > most:
        page.add("So many that each kind is told once; `--format json` has them one by one.\n\n")
        kinds = by_rule(review.blocking)
        heads = list(map(_kind, kinds))
        most = min(most, page.left)
    room = most - _size(heads)
    for number, (head, found) in enumerate(zip(heads, kinds, strict=True)):
        # Each may use its share of what is left.
        types = {finding.type for finding in found.findings}
        lines = [
            f"  - {_name(address, types)}{inline(introduced(known.get(address, '')))}\n"
            for address in found.addresses
        ]
        names, shown = listed(lines, max(room, 0) // (len(heads) - number))
        page.named.update(found.addresses[:shown])
        room -= len(names.encode())
        page.add(f"{head}{names}\n")
    if not many:
        _propose(page, review)


def _propose(page: Page, review: Review) -> None:
    """What would let it pass."""
    proposed, more = review.proposal.yaml(MOST_PROPOSED), review.proposal.more(MOST_PROPOSED)
    if proposed:
        page.add(
            "\n<details><summary>If all of it is meant: what to add to "
            "<code>config/allow.yaml</code></summary>\n\n"
            f"{fenced(proposed, 'yaml')}\n{more and f'{more}{chr(10)}{chr(10)}'}</details>\n"
        )


def _name(address: str, types: set[str]) -> str:
    """An address; without its type where that is told already."""
    return code(address.removeprefix(f"{min(types)}.") if len(types) == 1 else address)


def _size(heads: Sequence[str]) -> int:
    """Bytes that they take, each with an empty line below."""
    return sum(len(head.encode()) + 1 for head in heads)


def _kind(found: FoldedFinding) -> str:
    """All dangers of a rule, in a line."""
    first = found.first
    killed = f": at most **{_vms(found)}**" if first.severity is Severity.KILLS_JOBS else ""
    return (
        f"- **{first.severity.value.capitalize()}**: {len(found.findings):,} × {code(first.rule)}"
        f"{killed}.\n  → {inline(RULES[first.rule].todo)}\n"
    )


def _danger(found: FoldedFinding, origins: Sequence[Origin]) -> str:
    severity, advice = found.first.severity.value.capitalize(), inline(found.first.advice)
    return f"- **{severity}**: {sentence(found)}{_setting(origins)}\n  → {advice}\n"


def _setting(origins: Sequence[Origin]) -> str:
    return f" Setting: {inline(settings_listed(origins))}." if origins else ""


def sentence(found: FoldedFinding) -> str:
    """What happens to what, and why."""
    first = found.first
    what = clipped(first.what)
    if not found.addresses:
        return f"{inline(what[:1].upper() + what[1:])}."
    many = f"{len(found.findings):,} × " if len(found.findings) > 1 else ""
    much = ""
    if first.severity is Severity.KILLS_JOBS:
        much = f": at most **{_vms(found)}**"
    elif first.severity is Severity.COSTS and found.gpus:
        much = f"; at most **{found.gpus:,} GPU{'s' * (found.gpus != 1)} more**"
    why = f" ({inline(clipped(first.why))})" if first.why else ""
    return f"{many}{code(first.type)} {inline(what)}{much}{why}."


def _vms(found: FoldedFinding) -> str:
    vms, gpus = found.vms, found.gpus
    if vms is None:
        return "an unknown number of VMs"
    said = f"{vms:,} VM{'s' * (vms != 1)}"
    if vms == 0:
        return f"{said} as planned, and more if the scheduler raises it before the apply"
    return f"{said} with {'an unknown number of' if gpus is None else f'{gpus:,}'} GPUs"


def noted(found: FoldedFinding, origins: Sequence[Origin]) -> str:
    """A finding that does not block, in a line, and the resources folded away."""
    return (
        f"- {found.first.severity.value.capitalize()}: {sentence(found)}{_setting(origins)} "
        f"{inline(found.first.advice)} {named(found)}\n"
    )


def named(found: FoldedFinding) -> str:
    """The addresses, where they are few."""
    names = [short(one.address, one.type) for one in found.findings if one.address]
    if not names:
        return ""
    some = ", ".join(map(code, names[:OPENLY]))
    more = f" and {len(names) - OPENLY:,} more" if len(names) > OPENLY else ""
    return f"({some}{more})"
