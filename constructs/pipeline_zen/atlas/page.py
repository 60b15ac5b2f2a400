"""All of it as one page, which needs neither a network nor JavaScript."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline_zen.atlas.journey import journey
from pipeline_zen.atlas.matrix import Matrix, Sum, matrix
from pipeline_zen.atlas.overlay import overlay
from pipeline_zen.atlas.rights import rights
from pipeline_zen.atlas.sources import Sources
from pipeline_zen.files import Json
from pipeline_zen.fleet import EXPOSURE_MEANING, Exposure, Quota, clusters, exposure
from pipeline_zen.report import Review
from pipeline_zen.settings import Settings

_WHOLE = 100
"""The dollars from which on cents are left out."""

_MARGIN, _COLUMN = 250, 86
"""Pixels of the table's first column with the page's margins, and of a cluster."""


@dataclass(frozen=True)
class QuotaLine:
    """A quota with what is needed of it, region by region."""

    metric: str
    id: str
    family: str
    amounts: tuple[tuple[str, str], ...]


def page(settings: Settings, root: Path, stack: Json, review: Review | None = None) -> str:
    """
    The atlas of an environment whose settings were read below *root*, as HTML.

    *stack* is what they are synthesized to; *review* is of a change that is drawn over it. The same
    settings make the same bytes.
    """
    sources = Sources(settings, root)
    at_most = exposure(settings)
    change = overlay(review)
    regions = matrix(settings, sources, at_most, change)
    environment = Environment(
        loader=PackageLoader("pipeline_zen.atlas", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"dollars": dollars, "number": number}
    return environment.get_template("page.html.jinja").render(
        settings=settings,
        sources=sources,
        change=change,
        matrix=regions,
        breakpoint=_MARGIN + _COLUMN * len(regions.columns),
        meaning=EXPOSURE_MEANING,
        prices=_prices(at_most),
        quotas=_quotas(at_most.quotas),
        journey=journey(clusters(settings)),
        holders=rights(stack, settings.project),
        total=_total(regions),
    )


def dollars(amount: Decimal | None) -> str:
    """Dollars as text."""
    if amount is None:
        return "unknown"
    return f"${amount:,.0f}" if amount >= _WHOLE else f"${amount:,.2f}"


def number(amount: int | None) -> str:
    """A number as text."""
    return "unknown" if amount is None else f"{amount:,}"


def _total(regions: Matrix) -> list[tuple[str, str, str]]:
    """The numbers at the top: what, how much, and what is not in it."""
    whole: Sum = regions.sum
    unlimited = f"and {whole.unlimited} groups without a limit" if whole.unlimited else ""
    unpriced = f"and {whole.unpriced} groups without a known price" if whole.unpriced else ""
    lines = [line for part in regions.continents for line in part.lines]
    return [
        ("an hour at most, in groups", dollars(whole.dollars), unpriced),
        ("VMs at most, in groups", number(whole.vms), unlimited),
        ("GPUs", number(whole.gpus), unlimited),
        ("TB of disk", f"{whole.disk_gb / 1_000:,g}", unlimited),
        ("kinds of VM", number(sum(below.groups > 0 for _, below in regions.sums)), ""),
        ("regions", number(sum(line.sum.groups > 0 for line in lines)), ""),
    ]


def _prices(at_most: Exposure) -> str:
    """Days that the prices are of."""
    days = sorted({row.prices_as_of for row in at_most.rows if row.prices_as_of})
    if not days:
        return "No price is known."
    until = f" to {days[-1]}" if len(days) > 1 else ""
    return (
        f"Dollars are Google's list prices of {days[0]}{until}, of the VMs alone: no disks, no "
        "network, no discounts."
    )


def _quotas(quotas: Iterable[Quota]) -> list[QuotaLine]:
    lines: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for quota in quotas:
        id_ = (quota.id or "") + (" (by analogy)" if quota.id and quota.doubtful else "")
        family = dict(quota.dimensions).get("gpu_family", "")
        lines.setdefault((quota.metric or "", id_, family), []).append(
            (quota.region, quota.words())
        )
    return [QuotaLine(*key, tuple(amounts)) for key, amounts in lines.items()]
