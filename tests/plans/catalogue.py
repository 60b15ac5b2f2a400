"""Dangers and their neighbours, each with what the guard must find."""

from tests.plans.access import ACCESS
from tests.plans.computed import COMPUTED
from tests.plans.fleet import FLEET
from tests.plans.work import WORK

CASES = [*FLEET, *WORK, *ACCESS, *COMPUTED]
