"""
The constructs: a stack for each environment, written as Terraform JSON.

    packages          which CDK the classes come from
    node              which Node.js runs the CDK, and what surrounds it
    fast_start        starts the CDK in a fraction of its usual time
    cdk               the only importer of cdktf, constructs and the Google provider
    beyond            what the CDK and its classes are too old to know
    services          the APIs that have to be on
    ground            what every construct is handed: how a resource is named, kept and granted
    identity          the jobs' account, the custom roles
    secrets           the configuration of the jobs
    storage           the buckets
    messaging         topics and subscriptions
    quotas            what quota is asked for
    scheduler_access  what the scheduler may do
    cluster           a cluster's template and groups
    environment       joins them to the stack of an environment
    uptodate          whether they are those of what they are made from
    synth             writes them

To import it loads neither the CDK nor the settings: that happens once something is synthesized.
"""

from pipeline_zen.stack.fast_start import STOCK_IMPORT, starting
from pipeline_zen.stack.node import NodeError, bundled_node, package_cache
from pipeline_zen.stack.synth import synth
from pipeline_zen.stack.uptodate import (
    StaleError,
    Written,
    input_digests,
    refuse_stale,
    remember,
    up_to_date,
)

__all__ = [
    "STOCK_IMPORT",
    "NodeError",
    "StaleError",
    "Written",
    "bundled_node",
    "input_digests",
    "package_cache",
    "refuse_stale",
    "remember",
    "starting",
    "synth",
    "up_to_date",
]
