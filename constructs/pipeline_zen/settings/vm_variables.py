"""
Variables that a VM itself goes by, and not only its jobs: the secret's text may not set them.

The VM's startup script hands that text to its own shell and exports all of it, so the shell, and
all that it starts, would find other programs, go other ways, or take themselves for somebody else.
A name with a `*` stands for all that begin or end so, and each for all its spellings: of proxies
Python reads any, and no job needs a `path`.
"""

from typing import NamedTuple


class Group(NamedTuple):
    """Variables that change the same thing."""

    changes: str
    names: tuple[str, ...]


GROUPS = (
    Group(
        "how the shell and programs start, and what they load",
        (
            *("BASH*", "CDPATH", "CLASSPATH", "ENV", "EUID", "EXECIGNORE", "FUNCNEST"),
            *("GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "GLOBIGNORE", "GROUPS", "HOME", "IFS"),
            *("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LD_*", "LOCPATH", "LOGNAME", "LUA_*"),
            *("NLSPATH", "NODE_OPTIONS", "NODE_PATH", "OLDPWD", "OSTYPE", "PATH", "PERL5*"),
            *("PERLLIB", "POSIXLY_CORRECT", "PPID", "PROMPT_COMMAND", "PS0", "PS1", "PS2", "PS3"),
            *("PS4", "PWD", "PYTHONBREAKPOINT", "PYTHONHOME", "PYTHONINSPECT", "PYTHONPATH"),
            *("PYTHONPLATLIBDIR", "PYTHONSTARTUP", "PYTHONUSERBASE", "RUBYLIB", "RUBYOPT", "SHELL"),
            *("SHELLOPTS", "TEMP", "TMOUT", "TMP", "TMPDIR", "TZDIR", "UID", "USER"),
            *("XDG_CONFIG_*", "XDG_DATA_*", "XDG_RUNTIME_DIR", "ZDOTDIR", "_JAVA_OPTIONS"),
        ),
    ),
    Group(
        "where traffic goes, and who is trusted",
        (
            *("*_PROXY", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "CURL_HOME", "CURL_SSL_BACKEND"),
            *("DOCKER_CERT_PATH", "DOCKER_CONFIG", "DOCKER_CONTENT_TRUST*", "DOCKER_CONTEXT"),
            *("DOCKER_HOST", "DOCKER_TLS*", "GIT_*", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"),
            *("HOSTALIASES", "HTTPLIB2_CA_CERTS", "LOCALDOMAIN", "NETRC", "NODE_EXTRA_CA_CERTS"),
            *("NODE_TLS_REJECT_UNAUTHORIZED", "NPM_CONFIG_*", "OPENSSL_CONF*", "OPENSSL_ENGINES"),
            *("OPENSSL_MODULES", "PIP_*", "PYTHONHTTPSVERIFY", "REQUESTS_CA_BUNDLE", "RES_OPTIONS"),
            *("SSH_*", "SSLKEYLOGFILE", "SSL_CERT_DIR", "SSL_CERT_FILE", "UV_*", "WGETRC"),
        ),
    ),
    Group(
        "who the VM is at Google, and which Google that is",
        (
            *("*_EMULATOR_HOST", "API_ENDPOINT_OVERRIDE", "BOTO_CONFIG", "BOTO_PATH", "CLOUDSDK_*"),
            *("GCE_METADATA_*", "GCLOUD_PROJECT", "GOOGLE_API_CERTIFICATE_CONFIG"),
            *("GOOGLE_API_USE_*", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_*"),
            *("GOOGLE_EXTERNAL_ACCOUNT_*", "KUBECONFIG", "NO_GCE_CHECK"),
        ),
    ),
    Group(
        "what the VM's own scripts go by, such as which environment it is of",
        (
            *("IS_GCP", "LOCAL_ENV", "PIPELINE_ZEN_JOBS_DIR", "PROJECT_ID", "PZ_ENV"),
            *("SECRET_NAME", "SECRET_PAYLOAD", "SERVICE_ACCOUNT"),
        ),
    ),
)
"""The whole list, the names of each group sorted."""


def of_the_vm(name: str) -> tuple[str, str] | None:
    """
    What a VM goes by that the variable *name* would change: as it is called here, and of what.

    None where it is a job's own.
    """
    upper = name.upper()
    for changes, names in GROUPS:
        for one in names:
            if _stands_for(one, upper):
                return one, changes
    return None


def _stands_for(one: str, name: str) -> bool:
    if one.endswith("*"):
        return name.startswith(one[:-1])
    return name.endswith(one[1:]) if one.startswith("*") else name == one
