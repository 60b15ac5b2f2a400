"""
What must hold of settings, beyond what each may say by itself. What Google sells is in `lint`.

    check           what a check is, and the registry that each one enters where it is written
    contradictions  settings against each other
    limits          what Google says of names and labels
"""

# Importing the files enters their checks.
from pipeline_zen.settings.checks import contradictions, limits
from pipeline_zen.settings.checks.check import Finder, found, run

__all__ = ["Finder", "contradictions", "found", "limits", "run"]
