"""The settings: read from YAML, checked offline and all at once, frozen."""

from pipeline_zen.settings.load import environments, load
from pipeline_zen.settings.model import Delivery, Fleet, Local, Settings
from pipeline_zen.settings.problems import Place, Problem, SettingsError

__all__ = [
    "Delivery",
    "Fleet",
    "Local",
    "Place",
    "Problem",
    "Settings",
    "SettingsError",
    "environments",
    "load",
]
