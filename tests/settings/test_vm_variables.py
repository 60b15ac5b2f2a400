"""What a VM goes by is not for its secret to set; what its jobs read is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline_zen.settings import VM_VARIABLES, SettingsError, config_env
from pipeline_zen.settings.vm_variables import of_the_vm

SOUND = "PZ_HUGGINGFACE_TOKEN=x\nPZ_CUSTOMER_API_KEY=y\n"

OF_THE_VM = """
    PZ_ENV IS_GCP PROJECT_ID SERVICE_ACCOUNT
    CLOUDSDK_CORE_PROJECT CLOUDSDK_CORE_ACCOUNT CLOUDSDK_CONFIG CLOUDSDK_PYTHON
    GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_PROJECT GOOGLE_CLOUD_QUOTA_PROJECT GCLOUD_PROJECT
    GCE_METADATA_HOST GCE_METADATA_IP GCE_METADATA_ROOT NO_GCE_CHECK BOTO_CONFIG KUBECONFIG
    STORAGE_EMULATOR_HOST PUBSUB_EMULATOR_HOST
    PATH LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT PROMPT_COMMAND BASH_ENV BASHOPTS ENV IFS SHELLOPTS PS4
    HOME USER LOGNAME SHELL TMPDIR TMOUT XDG_CONFIG_HOME OSTYPE FUNCNEST
    PYTHONPATH PYTHONHOME PYTHONSTARTUP NODE_OPTIONS PERL5LIB PERL5OPT RUBYOPT RUBYLIB
    JAVA_TOOL_OPTIONS GCONV_PATH LOCPATH GLIBC_TUNABLES POSIXLY_CORRECT
    HOSTALIASES RES_OPTIONS LOCALDOMAIN
    HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY FTP_PROXY
    http_proxy https_proxy all_proxy no_proxy ftp_proxy Https_Proxy
    SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE CURL_HOME OPENSSL_CONF
    PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE GIT_SSH_COMMAND GIT_CONFIG_COUNT
    DOCKER_HOST DOCKER_CONFIG
"""

OF_JOBS = """
    PZ_HUGGINGFACE_TOKEN PZ_CUSTOMER_API_KEY PZ_DEVICE PZ_RESULTS_BUCKET_SUFFIX PZ_ENVIRONMENT
    HF_HOME HF_TOKEN HF_ENDPOINT HF_HUB_ENABLE_HF_TRANSFER TRANSFORMERS_CACHE TOKENIZERS_PARALLELISM
    CUDA_VISIBLE_DEVICES CUDA_LAUNCH_BLOCKING NVIDIA_VISIBLE_DEVICES PYTORCH_CUDA_ALLOC_CONF
    TORCH_HOME OMP_NUM_THREADS NCCL_DEBUG NCCL_SOCKET_IFNAME MASTER_ADDR MASTER_PORT
    WANDB_API_KEY WANDB_PROJECT OPENAI_API_KEY GOOGLE_API_KEY PYTHONUNBUFFERED PYTHONHASHSEED
    LOG_LEVEL TZ LANG LC_ALL XDG_CACHE_HOME TEMPERATURE HOMEPAGE PATHS MY_PROJECT_ID EXTRA A1 _x
"""


def problems(folder: Path, text: str) -> list[tuple[int, str, str]]:
    """The line, the message and the hint of each."""
    (folder / "dev-config.env").write_text(SOUND + text, encoding="utf-8")
    try:
        config_env.check(folder, "dev")
    except SettingsError as error:
        return [(one.place.line, one.message, one.hint) for one in error.problems]
    return []


@pytest.mark.parametrize("line", ["{}=/CANARY", "export {}='a CANARY'", '{}=""'])
@pytest.mark.parametrize("name", OF_THE_VM.split())
def test_what_is_the_vms(name: str, line: str, tmp_path: Path) -> None:
    """It is refused at its line, with what it would change, what is allowed and what to do."""
    found = problems(tmp_path, f"EXTRA=1\n{line.format(name)}\n")

    ((number, message, hint),) = found
    assert 4 == number
    assert re.fullmatch(r"not for this file to set: [A-Z0-9_*]+ changes [a-z].+", message)
    assert hint.startswith("Take it out, or choose another name: allowed is ")
    assert "CANARY" not in message + hint


@pytest.mark.parametrize("name", OF_JOBS.split())
def test_what_is_the_jobs(name: str, tmp_path: Path) -> None:
    """What jobs read stays theirs, however near it is to what is not."""
    known = name in config_env.REQUIRED

    assert [] == problems(tmp_path, "" if known else f"{name}=/x\nexport {name}_2='y'\n")
    assert of_the_vm(name) is None


@given(
    st.sampled_from([(group.changes, one) for group in VM_VARIABLES for one in group.names]),
    st.from_regex(r"[A-Za-z0-9_]{0,9}", fullmatch=True),
    st.sampled_from([str.upper, str.lower, str.title]),
)
def test_all_that_a_name_stands_for(
    listed: tuple[str, str], rest: str, spell: Callable[[str], str]
) -> None:
    """Whatever stands in the place of a `*`, however it is spelt, is refused by a listed name."""
    changes, one = listed
    found = of_the_vm(spell(one.replace("*", rest)))

    assert found
    assert one == found[0] or "*" in one + found[0]
    assert (one, changes) == found or rest


def test_the_table_is_sorted_and_says_all_once() -> None:
    """Each name stands in it once, and under no other."""
    for group in VM_VARIABLES:
        assert sorted(group.names) == list(group.names)
    names = [one for group in VM_VARIABLES for one in group.names]
    assert len(names) == len(set(names))
    assert [(one, of_the_vm(one.replace("*", ""))) for one in names] == [
        (one, (one, group.changes)) for group in VM_VARIABLES for one in group.names
    ]
