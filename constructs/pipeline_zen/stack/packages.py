"""
Which packages the CDK's classes come from: here alone, so that moving over is one line.

cdktf and the provider's package were archived in December 2025. Their living fork, cdktn, has the
same classes under other names. `cdk.py` imports by the names of `CDKTF`, whichever is used:
`fast_start` lets them stand for the other ones. docs/decisions.md says what a move changes.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Packages:
    """The names of a CDK and of its package for the Google provider, in Python and in Node."""

    core: str
    google: str
    node_google: str

    @property
    def node_core(self) -> str:
        """The CDK in Node, which has the same name there."""
        return self.core


CDKTF = Packages("cdktf", "cdktf_cdktf_provider_google", "@cdktf/provider-google")
CDKTN = Packages("cdktn", "cdktn_provider_google", "@cdktn/provider-google")

CHOICE = "PIPELINE_ZEN_CDK"
"""Names another CDK for one run: `make cdktn` compares what both write."""

USED = {"cdktf": CDKTF, "cdktn": CDKTN}[os.environ.get(CHOICE, "cdktf")]
