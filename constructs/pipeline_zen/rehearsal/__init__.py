"""
An environment, or a change of it, applied to the fake Google.

    ground      what a stack stands on and does not make
    deployment  an environment's folder that the real OpenTofu applies to the fake
    checkout    the stack as the checkout at a git ref synthesizes it
    bases       what a ref came to, kept for the next rehearsal
    upgrade     what another provider would change by itself
    outcome     what a rehearsal came to: what died, in sentences and findings
    rehearse    holds it: from nothing, or from a ref
"""

from pipeline_zen.rehearsal.checkout import RehearsalError
from pipeline_zen.rehearsal.deployment import Deployment
from pipeline_zen.rehearsal.outcome import Outcome, lost, reviewed
from pipeline_zen.rehearsal.rehearse import from_nothing, from_ref

__all__ = [
    "Deployment",
    "Outcome",
    "RehearsalError",
    "from_nothing",
    "from_ref",
    "lost",
    "reviewed",
]
