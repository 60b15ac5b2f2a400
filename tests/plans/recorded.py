"""Plans that real OpenTofu made of `catalogue.py` and `kinds.py`, recorded by `record.py`."""

import json
from pathlib import Path

from tests.plans.cases import Json

PLANS = Path(__file__).parent


def recorded(name: str) -> Json:
    """The JSON of a recorded plan, such as `case-group-deleted` or `kind-drift`."""
    plan: Json = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    return plan
