"""
The settings: read from YAML, checked offline and all at once, frozen.

    forms              the forms of texts: a pattern each, what it stands for, and its type
    model              what the YAML may say: every default, and a sentence on each setting
    problems           what can be wrong, as values, and how it reads
    characters         characters that a person cannot see, or takes for others
    words              how values and proposals are put into words
    texts              files as texts, and what can be wrong with a file
    scalars            values and names of YAML; what no text may have is refused here
    tree               YAML with positions: every value with its file, line and column
    reader             reads YAML, noting all that is wrong with it at its place
    environment_names  what an environment can be called
    proposals          what a refused value was probably meant to be
    joining            an environment's two files as one
    reword             pydantic's errors in the words of the settings
    sound              the settings that are sound by themselves, whatever is wrong with others
    checks             what must hold of settings
    lint               what Google has to say of them: rules, each with an id and a severity
    remarks            warnings and notices, and which of them are ignored
    load               an environment's settings, or all that is wrong with them
    vm_variables       what a VM goes by, and its secret may not set
    config_env         the file with an environment's secret
    problem_forms      problems for other programs, as JSON and SARIF
    schema             the JSON schema of the YAML files
    schema_facts       what the catalogue adds to it
    tables             the settings and the rules as tables, for the documentation

A *fleet* is what stands below `fleets`: the machines with one kind of GPU, which are rented alike.
Those of its machines that have the same number of GPUs are a *cluster*.
"""

from pipeline_zen.settings import config_env
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
from pipeline_zen.settings.problem_forms import (
    LEVELS,
    problems_as_json,
    problems_as_sarif,
)
from pipeline_zen.settings.problems import Key, Place, Problem, SettingsError
from pipeline_zen.settings.reader import Reader
from pipeline_zen.settings.schema import DIALECT as SCHEMA_DIALECT
from pipeline_zen.settings.schema import as_text as schema_as_text
from pipeline_zen.settings.schema import json_schema
from pipeline_zen.settings.tables import rules_table, settings_tables
from pipeline_zen.settings.texts import TextError, is_there, read_regular
from pipeline_zen.settings.tree import Entry
from pipeline_zen.settings.vm_variables import GROUPS as VM_VARIABLES
from pipeline_zen.settings.words import choices, did_you_mean, show

__all__ = [
    "ALLOW",
    "LEVELS",
    "SCHEMA_DIALECT",
    "VM_VARIABLES",
    "Capacity",
    "Delivery",
    "Entry",
    "Examined",
    "Fleet",
    "Key",
    "Lint",
    "Local",
    "Place",
    "Problem",
    "QuotaPreferences",
    "Reader",
    "Scheduler",
    "Settings",
    "SettingsError",
    "TextError",
    "choices",
    "config_env",
    "did_you_mean",
    "environments",
    "examine",
    "is_there",
    "json_schema",
    "load",
    "places",
    "problems_as_json",
    "problems_as_sarif",
    "read_regular",
    "rules_table",
    "schema_as_text",
    "settings_tables",
    "show",
]
