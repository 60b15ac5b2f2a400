"""
Every physical name, as a function of what it names.

These names are an interface: the scheduler and the VMs look them up, build them or take them
apart, so none may change. Only template names and labels are read by nobody.

A resource's logical id in the Terraform JSON is its physical name as well, so that an address
in a plan reads like the thing it stands for. A template's leaves out what changes with a release.
"""

import re
from collections.abc import Mapping

JOBS = "pipeline-zen-jobs"

SERVICE_ACCOUNT = f"{JOBS}-sa"
CONFIG_SECRET = f"{JOBS}-config"

START_TOPIC = f"{JOBS}-start"
STOP_TOPIC = f"{JOBS}-stop"
STOP_SUBSCRIPTION = f"{JOBS}-stop-runner"
HEARTBEATS_TOPIC = f"{JOBS}-heartbeats"
META_TOPIC = f"{JOBS}-meta"

LOCAL = "local"
"""The environment in which a developer's own machine runs jobs; it lives in dev's project."""

LOCAL_RESULTS_SUFFIX = "us"
"""A developer's own machine writes to this bucket, wherever it stands."""

SCHEDULER_ACCOUNT = "scheduler-zen-sa"
FLEET_SCALER = "pipelineZenFleetScaler"

_CLUSTER = "(?P<gpus>[0-9]+)x(?P<fleet>[a-z0-9-]+)"
_GROUP = re.compile(f"{JOBS}-{_CLUSTER}-(?P<region>[a-z]+-[a-z]+[0-9]+)-mig")
_TEMPLATE = re.compile(f"{JOBS}-{_CLUSTER}-tpl")
_SUBSCRIPTION = re.compile(f"{START_TOPIC}-runner-{_CLUSTER}")

_GRANT = re.compile(f"(?P<on>.+)-[A-Za-z_]+-(?:{SERVICE_ACCOUNT}|{SCHEDULER_ACCOUNT}|scheduler)")

BUCKET_LISTER = "bucket_lister"
VM_DELETER = "vm_deleter"
RESULTS_WRITER = "pipelineZenResultsWriter"
SUBSCRIPTION_CONSUMER = "pipelineZenSubscriptionConsumer"
OPERATION_READER = "pipelineZenOperationReader"


def project(environment: str) -> str:
    """The project that the VMs derive from their `PZ_ENV`."""
    return f"eng-ai-{environment}"


def config_env(environment: str) -> str:
    """The file, beside the README, whose text becomes the secret."""
    return f"{environment}-config.env"


def state_prefix(environment: str) -> str:
    """Where in the state bucket an environment's state lies."""
    return f"pipeline-zen/{environment}"


def config_env_from_stack(environment: str) -> str:
    """Where OpenTofu finds `config_env`, from the folder `cdktf.out/stacks/{environment}`."""
    return f"${{path.module}}/../../../{config_env(environment)}"


def local_topic(topic: str) -> str:
    """The twin of *topic* for developers' own machines."""
    return f"{topic}-{LOCAL}"


def scheduler_member(project: str) -> str:
    """The scheduler's own account in *project*, as IAM writes it."""
    return f"serviceAccount:{SCHEDULER_ACCOUNT}@{project}.iam.gserviceaccount.com"


def scheduler_subscription(topic: str) -> str:
    """Where the scheduler finds the heartbeats on *topic*."""
    return f"{topic}-scheduler"


def start_subscription(cluster: str) -> str:
    """Where the VMs of *cluster* find their jobs."""
    return f"{START_TOPIC}-runner-{cluster}"


def start_filter(cluster: str) -> str:
    """What of the jobs is for the VMs of *cluster*, as Pub/Sub writes it."""
    return f'attributes.cluster = "{cluster}"'


def results_suffix(region: str) -> str:
    """
    What a VM in *region* puts at the end of its results bucket's name.

    The region's first word, but for the Middle East the whole region.
    """
    first = region.partition("-")[0]
    return region if first == "me" else first


def results_bucket(environment: str, suffix: str) -> str:
    """The bucket for the results of jobs in one part of the world."""
    return f"lum-{environment}-{JOBS}-{suffix}"


def datasets_bucket(environment: str) -> str:
    """The bucket that jobs read their datasets from."""
    return f"lum-{environment}-pipeline-zen-datasets"


def cluster(gpus: int, fleet: str) -> str:
    """A fleet's VMs with *gpus* GPUs each: `8xa100-40gb`."""
    return f"{gpus}x{fleet}"


def group(cluster: str, region: str) -> str:
    """The regional managed instance group that the scheduler resizes."""
    return f"{JOBS}-{cluster}-{region}-mig"


def base_instance(cluster: str, region: str) -> str:
    """The name of a group's VMs, to which Google adds a dash and four characters."""
    return f"{JOBS}-{cluster}-{region}-vm"


def image(project: str, version: str) -> str:
    """The VM image of a release."""
    return f"projects/{project}/global/images/{JOBS}-{_dashed(version)}"


def boot_disk(cluster: str, version: str) -> str:
    """The device name of a VM's boot disk."""
    return f"{JOBS}-{cluster}-{_dashed(version)}-disk"


def template(cluster: str, version: str, digest: str) -> str:
    """An instance template; *digest* stands for its contents, as no template can be edited."""
    return f"{JOBS}-{cluster}-{_dashed(version)}-{digest}-tpl"


def template_id(cluster: str) -> str:
    """The logical id of a cluster's template, the same for every release."""
    return f"{JOBS}-{cluster}-tpl"


def parts(name: str) -> tuple[tuple[int, str] | None, str]:
    """
    The cluster, as its number of GPUs and its fleet, and the region that a name is made of.

    The name is a group's, a template's or a start subscription's. None, and no region, where it
    is another; a region only where it is a group's.
    """
    found = _GROUP.fullmatch(name) or _TEMPLATE.fullmatch(name) or _SUBSCRIPTION.fullmatch(name)
    if found is None:
        return None, ""
    return (int(found["gpus"]), found["fleet"]), found.groupdict().get("region", "")


def is_of_developers(name: str) -> bool:
    """Whether a topic or bucket is there for developers' own machines, by its name."""
    topics = map(local_topic, (HEARTBEATS_TOPIC, META_TOPIC))
    buckets = (results_bucket(LOCAL, LOCAL_RESULTS_SUFFIX), datasets_bucket(LOCAL))
    return name in (*topics, *buckets)


def suffix_of(environment: str, bucket: str) -> str:
    """What a results bucket's name ends in; empty where it is another's."""
    start = results_bucket(environment, "")
    return bucket.removeprefix(start) if bucket.startswith(start) else ""


def grant_id(on: str, role: str, to: str) -> str:
    """The logical id of a grant: the role's last word between what it is on and who has it."""
    word = role.rpartition("/")[2].rpartition(".")[2]
    return f"{on}-{word}-{to}"


def granted_on(grant: str) -> str:
    """What a grant is on, from its logical id; empty where it is the id of no grant."""
    found = _GRANT.fullmatch(grant)
    return found["on"] if found else ""


def quota_preference(quota: str, dimensions: Mapping[str, str]) -> str:
    """What a quota is asked for under: the quota and what it is of, in small letters."""
    words = [quota, *(value for _, value in sorted(dimensions.items()))]
    return "-".join(words).lower().replace("_", "-")


def _dashed(version: str) -> str:
    return version.replace(".", "-")
