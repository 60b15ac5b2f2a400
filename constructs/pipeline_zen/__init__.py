"""
Synthesizes the infrastructure of Pipeline Zen: YAML in, Terraform JSON out.

The modules, in the order that the data passes them:

    names           every physical name, as functions
    provider        the Google provider's version, and what it is too old for
    catalog         what Google sells: machine types, GPUs, zones, prices, quotas
    settings        YAML -> checked, frozen settings, or problems with file, line and caret
    clusters        settings -> clusters, groups and the contents of their templates
    origins         the way back: resources of a plan -> the settings that they come from
    expansion       the same as rows: a table, JSON or YAML
    exposure        the most that the groups hold at once: VMs, GPUs, quota, dollars an hour
    scheduler       what the scheduler must know of the fleet, and what it would do wrong
    config_env      checks an environment's secret file before it goes to Google
    interruption    ends what was started first, when it is interrupted
    plan            `tofu show -json` -> what changes, alike things together, nothing secret
    tofu            runs OpenTofu in an environment's folder
    guard           what that does to jobs, queues, data and identities, and whether it may
    review          both as one value;  markdown  terminal: the forms it is shown in
    planning        plans for real, and applies just what was planned, shown and passed
    github          posts a report on a pull request
    fake_google     a server that OpenTofu and the provider take for Google Cloud
    adoption        takes over what other code has made: import, moved and removed blocks
    fast_start      starts the CDK in a fraction of its usual time
    cdk             the only importer of cdktf, constructs and the Google provider
    services        identity  secrets  storage  messaging  quotas  scheduler_access  fleet: one
                    concept a file, its grants with it
    environment     joins them: a stack for each environment, written as JSON
    rehearsal       applies an environment, or a change of it, to the fake Google
    cli             the verbs

No module imports one that is listed after it, and nothing before `cdk` needs the CDK.
"""
