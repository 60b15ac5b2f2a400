"""
The constructs: a stack for each environment, written as Terraform JSON.

    fast_start        starts the CDK in a fraction of its usual time
    cdk               the only importer of cdktf, constructs and the Google provider
    services          the APIs that have to be on
    identity          the jobs' account, the custom roles
    secrets           the configuration of the jobs
    storage           the buckets
    messaging         topics and subscriptions
    quotas            what quota is asked for
    scheduler_access  what the scheduler may do
    fleet             templates and groups
    environment       joins them, and writes the stacks
"""
