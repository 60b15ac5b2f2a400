"""The forms that exposure is shown in: JSON, Markdown, and tables for a terminal."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from pipeline_zen.console import console, needed, shown
from pipeline_zen.fleet.exposure_figures import MEANING, UNLISTED, Exposure, Row


def _json(exposure: Exposure) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        return float(value) if isinstance(value, Decimal) else value

    content = {
        "environment": exposure.environment,
        "meaning": MEANING,
        "vms": exposure.vms,
        "gpus": exposure.gpus,
        "disk_tb": exposure.disk_tb,
        "dollars_an_hour": {"on_demand": plain(exposure.on_demand), "spot": plain(exposure.spot)},
        "unknown": {
            "limits": exposure.unlimited,
            **{
                kind: [f"{row.cluster} {row.region}" for row in exposure.unpriced(kind)]
                for kind in ("on_demand", "spot")
            },
        },
        "groups": [
            {key: plain(value) for key, value in asdict(row).items()} for row in exposure.rows
        ],
        "quotas": [
            {**asdict(quota), "dimensions": dict(quota.dimensions)} for quota in exposure.quotas
        ],
    }
    return json.dumps(content, indent=2) + "\n"


QUOTA = "Quota to ask for"

Table: TypeAlias = tuple[str, list[str], list[list[str]]]
"""A title, headings and rows."""


def _tables(exposure: Exposure) -> list[Table]:
    """The tables of the forms that people read."""
    places: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in exposure.rows:
        places[row.accelerator, row.region].append(row)
    heads = ["GPU", "region", "VMs", "GPUs", "disk TB", "$/h on demand", "$/h spot"]
    lines = [
        [accelerator, region, *_sums(rows)]
        for (accelerator, region), rows in sorted(places.items())
    ]
    lines.append(["all", "", *_sums(list(exposure.rows))])
    quotas = [
        [
            quota.region,
            quota.metric or "none known",
            (quota.id or "unknown") + (" (by analogy)" if quota.doubtful and quota.id else ""),
            dict(quota.dimensions).get("gpu_family", ""),
            quota.words(),
        ]
        for quota in exposure.quotas
    ]
    return [
        ("In groups at most", heads, lines),
        (
            QUOTA,
            ["region", "metric", "Cloud Quotas id", "gpu_family", "amount"],
            quotas,
        ),
    ]


def _is_number(head: str) -> bool:
    return head in ("VMs", "GPUs", "amount") or "$" in head or "TB" in head


def _sums(rows: list[Row]) -> list[str]:
    known = [row for row in rows if row.vms is not None]
    mark = "" if len(known) == len(rows) else " + unknown"
    cells = [
        f"{sum(row.vms or 0 for row in known):,}{mark}",
        f"{sum(row.gpus or 0 for row in known):,}{mark}",
        f"{sum(row.disk_gb or 0 for row in known) / 1_000:,g}{mark}",
    ]
    for kind in ("on_demand", "spot"):
        prices = [getattr(row, kind) for row in known]
        some = [price for price in prices if price is not None]
        more = " + unknown" if len(some) < len(rows) else ""
        cells.append(f"{sum(some, Decimal()):,.2f}{more}" if some else "unknown")
    return cells


def _notes(exposure: Exposure) -> list[str]:
    days = sorted({row.prices_as_of for row in exposure.rows if row.prices_as_of})
    ago = f" of {days[0]}" + (f" to {days[-1]}" if len(days) > 1 else "") if days else ""
    notes = [
        MEANING,
        f"Dollars are Google's list prices{ago}, of the VMs alone: no disks, no network, no "
        "discounts.",
    ]
    if exposure.unlimited:
        notes.append(f"Without max_vms, so counted nowhere: {', '.join(exposure.unlimited)}.")
    for kind, words in (("on_demand", "on demand"), ("spot", "as spot")):
        unpriced = sorted(
            {
                f"{row.accelerator} in {row.region}"
                for row in exposure.unpriced(kind)
                if row.capacity != UNLISTED
            }
        )
        if unpriced:
            notes.append(f"No price {words} is known of {', '.join(unpriced)}.")
    unlisted = {
        f"{row.cluster} in {row.region}"
        for row in exposure.rows
        if row.vms and row.capacity == UNLISTED
    }
    if unlisted:
        notes.append(
            f"Had as {UNLISTED}, whose price is in no list that is known, and in no sum: "
            f"{', '.join(sorted(unlisted))}."
        )
    special: dict[str, set[str]] = defaultdict(set)
    for row in exposure.rows:
        if row.vms and row.prices_as_of and row.prices_note:
            special[row.prices_note].add(f"{row.accelerator} in {row.region}")
    notes += [f"{', '.join(sorted(of))}: {note}." for note, of in sorted(special.items())]
    return notes


def _markdown(exposure: Exposure) -> str:
    parts = [f"# {exposure.environment}: exposure\n"]
    for title, heads, lines in _tables(exposure):
        right = ["--:" if _is_number(head) else "---" for head in heads]
        parts.append(f"## {title}\n\n| {' | '.join(heads)} |\n| {' | '.join(right)} |")
        parts += [f"| {' | '.join(line)} |" for line in lines]
        parts.append("")
    return "\n".join([*parts, *_notes(exposure)]) + "\n"


def _table(exposure: Exposure) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Rich

    tables: list[Rich | str] = []
    for title, heads, lines in _tables(exposure):
        table = Rich(
            box=SIMPLE_HEAD,
            pad_edge=False,
            collapse_padding=True,
            title=title,
            title_justify="left",
        )
        for head in heads:
            justify: Literal["left", "right"] = "right" if _is_number(head) else "left"
            whole = head in ("GPU", "region")
            table.add_column(head, justify=justify, overflow="fold", no_wrap=whole)
        for line in lines:
            table.add_row(*line)
        fits = title != QUOTA or needed(table) <= console().width
        tables.append(table if fits else _in_lines(title, lines))
    return shown(*tables, *_notes(exposure))


def _in_lines(title: str, lines: list[list[str]]) -> str:
    """The quota where a table of it would be wider than the terminal: the ids can be copied."""
    told = [title, ""]
    for region, metric, id_, family, amount in lines:
        told += [f"{region}: {amount}", f"  {metric}, {' '.join(filter(None, (id_, family)))}"]
    return "\n".join([*told, ""])


EXPOSURE_FORMS: Mapping[str, Callable[[Exposure], str]] = {
    "json": _json,
    "markdown": _markdown,
    "table": _table,
}
