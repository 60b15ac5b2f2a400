"""
OpenTofu: plans for real, applies just what was planned, and takes over what is there.

    words     what OpenTofu says, masked
    stream    what OpenTofu tells programs as it goes: progress, warnings, errors
    client    runs OpenTofu in a folder, each of its verbs
    ready     what must be in place before it is run
    state     the state that a plan was made against
    note      binds a saved plan to what it was made from
    reviews   plans, saved or as JSON, judged as plans of an environment
    planning  plans for real, and keeps the plan
    applying  applies just what was planned, shown and passed
    adoption  takes over what other code has made: import, moved and removed blocks
"""

from pipeline_zen.tofu.adoption import FILE as ADOPTED
from pipeline_zen.tofu.adoption import Adoption, AdoptionError, adopt, leave_out
from pipeline_zen.tofu.applying import apply, planned
from pipeline_zen.tofu.client import OpenTofu, RunError, TofuError
from pipeline_zen.tofu.planning import Manner, plan
from pipeline_zen.tofu.ready import init
from pipeline_zen.tofu.reviews import FACTS, environment_of, from_file, judged
from pipeline_zen.tofu.stream import Progress, silent
from pipeline_zen.tofu.words import said

__all__ = [
    "ADOPTED",
    "FACTS",
    "Adoption",
    "AdoptionError",
    "Manner",
    "OpenTofu",
    "Progress",
    "RunError",
    "TofuError",
    "adopt",
    "apply",
    "environment_of",
    "from_file",
    "init",
    "judged",
    "leave_out",
    "plan",
    "planned",
    "said",
    "silent",
]
