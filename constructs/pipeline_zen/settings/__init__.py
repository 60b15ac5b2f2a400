"""The settings: read from YAML, checked offline and all at once, frozen."""

from pipeline_zen.settings.load import ALLOW, Examined, environments, examine, load, places
from pipeline_zen.settings.model import (
    Capacity,
    Delivery,
    Fleet,
    Lint,
    Local,
    QuotaPreferences,
    Scheduler,
    Settings,
)
from pipeline_zen.settings.problems import Place, Problem, SettingsError

__all__ = [
    "ALLOW",
    "Capacity",
    "Delivery",
    "Examined",
    "Fleet",
    "Lint",
    "Local",
    "Place",
    "Problem",
    "QuotaPreferences",
    "Scheduler",
    "Settings",
    "SettingsError",
    "environments",
    "examine",
    "load",
    "places",
]
