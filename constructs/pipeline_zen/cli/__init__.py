"""
The command line: each verb parses, calls, prints and chooses the exit status.

Exit status: 0 done; 1 something failed outside the settings (a tool is missing, a file cannot be
written); 2 the settings, or the command line, are wrong, and nothing was written. The verbs that
look at a plan have OpenTofu's: 0 no changes, 2 changes, 3 blocked by the guard, 1 anything else.

Each verb imports what it needs when it runs: the CDK takes a second, and most verbs do without.

    base      what all verbs share: the checkout, the errors, options, progress
    fleet     the verbs that need the settings alone
    plans     the verbs about plans
    google    the verbs for what other code has made, and for other configurations
"""

from pipeline_zen.cli import fleet, google, plans
from pipeline_zen.cli.base import main

__all__ = ["fleet", "google", "main", "plans"]
