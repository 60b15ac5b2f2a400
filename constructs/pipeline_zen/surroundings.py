"""
What the programs that we start take from the user's environment, with a decision for each variable.

A name that ends in `*` stands for all that begin so; of several rows that fit a variable, the one
with the longest name counts. A variable that no row names is kept: it is no business of the
program's, or of ours.

Imports nothing that has to be installed: the installation reads it too.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple


class Decision(Enum):
    """What becomes of a variable."""

    KEPT = "as the user has it"
    DROPPED = "not passed on"
    REFUSED = "told, and nothing is done"


class Variable(NamedTuple):
    """A variable, or all that begin alike, as one program takes it."""

    program: str
    name: str
    decision: Decision
    why: str

    def fits(self, name: str) -> bool:
        """Whether the row is about the variable *name*."""
        if self.name.endswith("*"):
            return name.startswith(self.name[:-1])
        return name == self.name


KEPT, DROPPED, REFUSED = Decision.KEPT, Decision.DROPPED, Decision.REFUSED

PIP = "pip, as it fills .venv"
CDK = "the CDK: jsii and Node.js"
GIT = "git"
TOFU = "OpenTofu at Google"
REHEARSAL = "OpenTofu in a rehearsal"
REF = "the code at a git ref"

VARIABLES = (
    # pip: how it reaches packages is the user's; what it does with them is not.
    Variable(PIP, "PIP_*", DROPPED, "options that would install something else, or elsewhere"),
    Variable(PIP, "PIP_INDEX_URL", KEPT, "a mirror; the lock's hashes hold either way"),
    Variable(PIP, "PIP_EXTRA_INDEX_URL", KEPT, "another mirror"),
    Variable(PIP, "PIP_FIND_LINKS", KEPT, "a folder of wheels"),
    Variable(PIP, "PIP_NO_INDEX", KEPT, "nothing but that folder"),
    Variable(PIP, "PIP_PROXY", KEPT, "the way to the network"),
    Variable(PIP, "PIP_CERT", KEPT, "whom to trust on that way"),
    Variable(PIP, "PIP_CLIENT_CERT", KEPT, "who we are on that way"),
    Variable(PIP, "PIP_TRUSTED_HOST", KEPT, "whom to trust on that way"),
    Variable(PIP, "PIP_KEYRING_PROVIDER", KEPT, "where a mirror's password is"),
    Variable(PIP, "PIP_TIMEOUT", KEPT, "how slow the way may be"),
    Variable(PIP, "PIP_RETRIES", KEPT, "how bad the way may be"),
    Variable(PIP, "PIP_CACHE_DIR", KEPT, "where downloads are kept"),
    Variable(PIP, "PIP_NO_CACHE_DIR", KEPT, "whether downloads are kept"),
    Variable(PIP, "PIP_CONFIG_FILE", KEPT, "where the same is said; only that is taken from it"),
    Variable(PIP, "PYTHON*", DROPPED, "another Python's modules, or another behaviour"),
    Variable(PIP, "VIRTUAL_ENV", DROPPED, "another environment than .venv"),
    # The CDK: what it writes depends on the settings alone.
    Variable(
        CDK, "JSII_*", DROPPED, "debugging, a cache that others may write to, another runtime"
    ),
    Variable(CDK, "JSII_NODE", KEPT, "another Node.js than the one from PyPI"),
    Variable(CDK, "NODE_*", DROPPED, "modules and options for other programs"),
    Variable(CDK, "NODE_OPTIONS", KEPT, "such as a limit of memory; ours are added"),
    Variable(CDK, "NODE_EXTRA_CA_CERTS", KEPT, "read, and of no effect: nothing is fetched"),
    Variable(CDK, "CDKTF_*", DROPPED, "its own output folder, logs, and the context of its tool"),
    Variable(CDK, "CDKTN_*", DROPPED, "what its fork calls so"),
    Variable(CDK, "SYNTH_HCL_OUTPUT", DROPPED, "another form of the stacks"),
    Variable(CDK, "TERRAFORM_BINARY_NAME", DROPPED, "a program that synthesis never starts"),
    # git: the repository is the checkout's own.
    Variable(GIT, "GIT_*", DROPPED, "another repository, index, work tree, or program"),
    Variable(GIT, "GIT_CEILING_DIRECTORIES", KEPT, "how far up a repository is looked for"),
    Variable(GIT, "GIT_CONFIG_GLOBAL", KEPT, "where the user's settings are, safe.directory too"),
    Variable(GIT, "GIT_CONFIG_SYSTEM", KEPT, "where the machine's settings are"),
    Variable(GIT, "GIT_CONFIG_NOSYSTEM", KEPT, "whether they are read"),
    Variable(GIT, "GIT_EXEC_PATH", KEPT, "where git's own programs are"),
    # OpenTofu at Google: who we are and how Google is reached is the user's. What changes a plan
    # behind our back is refused; a state of another name is found by the guard.
    Variable(TOFU, "TF_CLI_ARGS*", REFUSED, "options, which could leave changes out of the plan"),
    Variable(TOFU, "TF_CLI_ARGS_init", KEPT, "how what it needs is fetched"),
    Variable(TOFU, "TF_REATTACH_PROVIDERS", REFUSED, "a provider other than the pinned one"),
    Variable(TOFU, "TF_WORKSPACE", KEPT, "another state, which the guard tells from ours"),
    Variable(TOFU, "TF_DATA_DIR", KEPT, "where what `init` fetched is kept"),
    Variable(TOFU, "TF_CLI_CONFIG_FILE", KEPT, "where the provider is fetched from"),
    Variable(TOFU, "TF_VAR_*", KEPT, "values of the stack's variables"),
    # OpenTofu in a rehearsal: it must not find a way to Google, nor who the user is there.
    Variable(REHEARSAL, "TF_*", DROPPED, "options, workspaces, values, folders of other work"),
    Variable(REHEARSAL, "TOFU_*", DROPPED, "options of its own"),
    Variable(REHEARSAL, "TF_CLI_CONFIG_FILE", KEPT, "where the provider is fetched from"),
    Variable(REHEARSAL, "TF_PLUGIN_CACHE_DIR", KEPT, "where fetched providers are kept"),
    Variable(REHEARSAL, "TF_LOG", KEPT, "how much it says of its work"),
    Variable(REHEARSAL, "TF_LOG_PATH", KEPT, "where it says that"),
    Variable(REHEARSAL, "CLOUDSDK_*", DROPPED, "who the user is at Google"),
    Variable(REHEARSAL, "GCLOUD_*", DROPPED, "who the user is at Google"),
    Variable(REHEARSAL, "GOOGLE_*", DROPPED, "who the user is at Google"),
    Variable(REHEARSAL, "STORAGE_EMULATOR_HOST", DROPPED, "another fake"),
    # The code at a ref may be anybody's: it gets what a program needs to run, and no more.
    Variable(REF, "*", DROPPED, "credentials and tokens, whatever they are called"),
    Variable(REF, "PATH", KEPT, "where programs are"),
    Variable(REF, "TMPDIR", KEPT, "where files may be for a while"),
    Variable(REF, "LANG", KEPT, "the language"),
    Variable(REF, "LC_*", KEPT, "the language"),
    Variable(REF, "TZ", KEPT, "the time zone"),
    Variable(REF, "LD_LIBRARY_PATH", KEPT, "where a Python may have its libraries"),
    Variable(REF, "JSII_NODE", KEPT, "another Node.js than the one from PyPI"),
)


def rows(program: str) -> Iterator[Variable]:
    """Rows of one program."""
    return (row for row in VARIABLES if row.program == program)


def decision(program: str, name: str) -> Decision:
    """What becomes of the variable *name* where *program* is started."""
    fitting = [row for row in rows(program) if row.fits(name)]
    return max(fitting, key=lambda row: len(row.name)).decision if fitting else KEPT


def refused(program: str, environment: Mapping[str, str]) -> list[str]:
    """Names of what is set and must not be, where *program* is started."""
    return [
        name
        for name, value in sorted(environment.items())
        if value and decision(program, name) is REFUSED
    ]


def passed_on(program: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for *program*, of all that we have been given."""
    return {name: value for name, value in environment.items() if decision(program, name) is KEPT}
