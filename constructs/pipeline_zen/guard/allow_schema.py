"""The JSON schema of `config/allow.yaml`, from the rules."""

import re

from pipeline_zen.guard.allowances import DAY, HINTS, LONGEST, MEANT, SEEN
from pipeline_zen.guard.rules import RULES
from pipeline_zen.settings import SCHEMA_DIALECT, schema_as_text


def allow_schema() -> str:
    """
    The schema as text, for an editor.

    That an environment is there, how far ahead a day is, and what an allowance lets pass already is
    beyond it.
    """
    allowance = _allowance()
    return schema_as_text(
        {
            "$schema": SCHEMA_DIALECT,
            "description": (
                "What a plan may do although the guard would block it, by environment; each "
                f"allowance for at most {LONGEST} days."
            ),
            "type": ["object", "null"],
            "additionalProperties": {
                "anyOf": [
                    {"type": "array", "items": allowance, "uniqueItems": True},
                    {"type": "null"},
                ]
            },
        }
    )


def _allowance() -> dict[str, object]:
    """One entry of the list of an environment."""
    allowable = [name for name, rule in RULES.items() if rule.blocks and rule.allowable]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(HINTS),
        "properties": {
            "finding": {
                "description": HINTS["finding"],
                "enum": allowable,
                "enumDescriptions": [RULES[name].todo for name in allowable],
            },
            # JSON Schema's patterns have no names in them.
            "address": _text("address", f"^({re.sub(r'[?]P<[a-z]+>', '', MEANT.pattern)})$"),
            "reason": _text("reason", r"[A-Za-z0-9]+[^A-Za-z0-9]+[A-Za-z0-9]"),
            "seen": _text("seen", f"^{SEEN.pattern}$"),
            "until": _text("until", f"^{DAY.pattern}$"),
        },
    }


def _text(key: str, pattern: str) -> dict[str, str]:
    return {"type": "string", "description": HINTS[key], "pattern": pattern}
