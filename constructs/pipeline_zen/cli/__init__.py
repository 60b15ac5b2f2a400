"""
The command line: each verb parses, calls, prints and chooses the exit status.

Exit status: 0 done; 1 something failed outside the settings (a tool is missing, a file cannot be
written, it was interrupted); 2 the settings, or the command line, are wrong, and nothing was
written. The verbs that look at a plan have OpenTofu's: 0 no changes, 2 changes, 3 blocked by the
guard, 1 anything else.

Each verb imports what it needs when it runs: the CDK takes a second, and most verbs do without.
First what all share, then the verbs, one a file.

    checkout          the checkout that a verb works in
    command           the command itself, to which each verb adds itself
    exits             how a verb ends: statuses, and errors as sentences
    options           options that several verbs share
    progress          progress of what takes long
    reports           reports that a verb writes beside what it prints
    synth             write the stacks
    check             what is wrong with the settings
    expand            what they come to
    exposure          the most that the groups hold at once
    atlas             an environment at a glance
    scheduler_config  what the scheduler must know
    schema            the JSON schema of the settings
    adopt             take over what other code has made
    fake_google       a fake Google, to try any configuration on
    tofu              the group of the next three
    init              install the provider, find the state
    plan              plan, and show what the plan does
    apply             apply the plan that was shown
    diff              what any plan does
    comment           post a report on a pull request
    rehearse          apply an environment, or a change of it, to the fake Google
    side_by_side      rehearses all environments at once
"""

from pipeline_zen.cli.adopt import adopt
from pipeline_zen.cli.atlas import atlas
from pipeline_zen.cli.check import check
from pipeline_zen.cli.command import main
from pipeline_zen.cli.comment import comment
from pipeline_zen.cli.diff import diff
from pipeline_zen.cli.expand import expand
from pipeline_zen.cli.exposure import exposure
from pipeline_zen.cli.fake_google import fake_google
from pipeline_zen.cli.rehearse import rehearse
from pipeline_zen.cli.scheduler_config import scheduler_config
from pipeline_zen.cli.schema import schema
from pipeline_zen.cli.synth import synth
from pipeline_zen.cli.tofu import tofu

__all__ = ["main"]

# In the order that somebody meets them, which is that of the documentation.
for verb in (
    synth,
    check,
    expand,
    exposure,
    atlas,
    scheduler_config,
    schema,
    adopt,
    fake_google,
    tofu,
    diff,
    comment,
    rehearse,
):
    main.add_command(verb)
