"""
Synthesizes the infrastructure of Pipeline Zen: YAML in, Terraform JSON out.

The folders, in the order that the data passes them:

    names         every physical name, as functions
    visible       text that hides nothing: escapes for what moves, turns or cannot be seen
    errors        what failed, for the user, in a sentence
    files         where the stacks are, and how a file is written whole
    surroundings  what the programs that we start take from the user's environment
    sarif         findings at the lines of files, for editors and code scanning
    console       text for people: as wide as the terminal, or unbroken in a file
    interruption  ends what was started first, when it is interrupted
    versions      which OpenTofu, and which Google provider
    kinds         what is known of each resource type: its name, its identity, what takes it away
    masking       shows nothing secret: by mark, by key, by look, in commands
    catalog       what Google sells: machine types, GPUs, zones, prices, quotas
    settings      YAML -> checked, frozen settings, or problems with file, line and caret
    fleet         the fleet as plain values: clusters, expansion, exposure, the scheduler's contract
    plan          `tofu show -json` -> what changes, alike things together
    guard         what that does to jobs, queues, data and identities, and whether it may
    report        both as one value, and the forms it is shown in
    github        posts a report on a pull request
    atlas         an environment at a glance, as one page for whoever reads no YAML
    tofu          runs OpenTofu: planning, applying, adopting
    stack         the constructs, one concept a file, its grants with it; written as JSON
    rehearsal     applies an environment, or a change of it, to the fake Google
    cli           the verbs

No folder imports one that is listed after it, and nothing before `stack` needs the CDK. Beside this
package stands `fake_google`, a server that OpenTofu and the provider take for Google Cloud; it
imports nothing of this one.
"""
