"""The settings and the rules as Markdown tables, for the documentation."""

import json

from pipeline_zen.settings.lint import RULES
from pipeline_zen.settings.model import (
    Delivery,
    EnvironmentFile,
    Fleet,
    Lint,
    Local,
    QuotaPreferences,
    Scheduler,
    Section,
)

_ORDER = ("error", "warning", "notice")


def settings_tables() -> str:
    """The settings as Markdown tables, a table a section: what each does, and its default."""
    return "\n".join(
        "\n".join(
            [f"{title}:\n", "| setting | what it does | default |", "|---|---|---|", *rows, ""]
        )
        for title, rows in (
            ("At the top of a file", _rows(EnvironmentFile)),
            ("In each of `fleets`", _rows(Fleet)),
            ("In `delivery`", _rows(Delivery)),
            ("In `local`", _rows(Local)),
            ("In `scheduler`", _rows(Scheduler)),
            ("In `quota_preferences`", _rows(QuotaPreferences)),
            ("In `lint`", _rows(Lint)),
        )
    )


def rules_table() -> str:
    """The rules of the lint as a Markdown table, the severest first."""
    ordered = sorted(RULES.values(), key=lambda rule: (_ORDER.index(rule.severity), rule.id))
    rows = [f"| `{rule.id}` | {rule.severity} | {rule.meaning} |" for rule in ordered]
    return "\n".join(["| rule | severity | what it finds |", "|---|---|---|", *rows, ""])


def _rows(model: type[Section]) -> list[str]:
    rows = []
    for name, field in model.model_fields.items():
        if field.is_required():
            default = "*required*"
        elif isinstance(field.default, Section):
            default = "as below"
        else:
            default = f"`{json.dumps(field.default)}`"
        rows.append(f"| `{name}` | {' '.join((field.description or '').split())} | {default} |")
    return rows
