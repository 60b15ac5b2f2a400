"""An environment's stack: everything joined."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline_zen import names, versions
from pipeline_zen.fleet import Cluster, clusters, labels
from pipeline_zen.settings import Settings
from pipeline_zen.stack import cdk
from pipeline_zen.stack.cluster import TemplateAndGroups
from pipeline_zen.stack.ground import Ground, Principal
from pipeline_zen.stack.identity import CustomRoles, JobServiceAccount
from pipeline_zen.stack.messaging import RunnerSubscription, Topic
from pipeline_zen.stack.quotas import GpuQuotas
from pipeline_zen.stack.scheduler_access import SchedulerAccess
from pipeline_zen.stack.secrets import ConfigSecret
from pipeline_zen.stack.services import Services
from pipeline_zen.stack.storage import Bucket


class EnvironmentStack(cdk.TerraformStack):
    """All that the scheduler and the VMs of one environment stand on."""

    def __init__(self, scope: cdk.Construct, settings: Settings) -> None:
        super().__init__(scope, settings.environment)
        _terraform(self, settings)
        preferences = settings.quota_preferences
        services = Services(
            self, "services", project=settings.project, quotas=preferences is not None
        )
        ground = Ground(settings.project, services, settings.protected)
        roles = CustomRoles(self, "roles", ground=ground, public_results=settings.public_results)
        account = JobServiceAccount(self, "account", ground=ground)
        account.grant_own_vm_deletion(roles)
        account.grant_telemetry()
        jobs = account.principal

        secret = ConfigSecret(self, "secret", ground=ground, environment=settings.environment)
        secret.grant_access(jobs)

        fleet = clusters(settings)
        buckets = _buckets(self, ground, settings, jobs, roles)
        topics = _topics(self, ground, settings, jobs)
        for subscription in _runner_subscriptions(self, ground, settings, topics):
            subscription.grant_consume(jobs, roles)
        if settings.scheduler:
            access = SchedulerAccess(
                self, "scheduler", ground=ground, scheduler=settings.scheduler, roles=roles
            )
            access.grant_messages(topics.start, topics.stop, topics.heartbeats)
            access.grant_results(buckets.results)
        if preferences:
            GpuQuotas(self, "quotas", ground=ground, settings=settings, preferences=preferences)
        for cluster in fleet:
            TemplateAndGroups(self, cluster.name, ground=ground, cluster=cluster)

        _outputs(self, account.email, buckets.names, topics.names, fleet)


def _terraform(stack: EnvironmentStack, settings: Settings) -> None:
    """Where the state is, which versions are needed, and how the provider is set up."""
    cdk.GcsBackend(
        stack, bucket=settings.state_bucket, prefix=names.state_prefix(settings.environment)
    )
    cdk.GoogleProvider(stack, "google", project=settings.project, default_labels=labels(settings))
    stack.add_override("terraform.required_version", f">= {versions.MINIMUM_OPENTOFU}")
    stack.add_override(
        "terraform.required_providers.google",
        {"source": "hashicorp/google", "version": versions.VERSION},
    )


@dataclass(frozen=True)
class Buckets:
    """The buckets of an environment."""

    results: tuple[Bucket, ...]
    """For results of the environment's own jobs, which the scheduler reads."""
    names: tuple[str, ...]
    """All of them, with those of developers' own machines, sorted."""


def _buckets(
    stack: EnvironmentStack,
    ground: Ground,
    settings: Settings,
    jobs: Principal,
    roles: CustomRoles,
) -> Buckets:
    own = {
        names.results_bucket(settings.environment, suffix): location
        for suffix, location in settings.results_buckets.items()
    }
    results = dict(own)
    datasets = {names.datasets_bucket(settings.environment): settings.datasets_location}
    if settings.local:
        location = settings.local.location
        results[names.results_bucket(names.LOCAL, names.LOCAL_RESULTS_SUFFIX)] = location
        datasets[names.datasets_bucket(names.LOCAL)] = location

    def made(locations: Mapping[str, str], *, public_objects: bool) -> list[Bucket]:
        return [
            Bucket(
                stack,
                name,
                ground=ground,
                name=name,
                location=location,
                public_objects=public_objects,
            )
            for name, location in sorted(locations.items())
        ]

    written = made(results, public_objects=settings.public_results)
    for bucket in written:
        bucket.grant_write(jobs, roles)
    for bucket in made(datasets, public_objects=False):
        bucket.grant_read(jobs)
    return Buckets(
        results=tuple(bucket for bucket in written if bucket.name in own),
        names=tuple(sorted([*results, *datasets])),
    )


@dataclass(frozen=True)
class Topics:
    """The topics of an environment."""

    start: Topic
    stop: Topic
    heartbeats: tuple[Topic, ...]
    """Topics of VMs' heartbeats, and of those of developers' own machines."""
    names: tuple[str, ...]
    """All of them, sorted."""


def _topics(stack: EnvironmentStack, ground: Ground, settings: Settings, jobs: Principal) -> Topics:
    local = settings.local
    # Nothing publishes to meta today, so nobody is granted to.
    heartbeats, meta = [names.HEARTBEATS_TOPIC], [names.META_TOPIC]
    if local:
        heartbeats.append(names.local_topic(names.HEARTBEATS_TOPIC))
        meta.append(names.local_topic(names.META_TOPIC))
    topics = {
        name: Topic(stack, name, ground=ground, name=name)
        for name in (names.START_TOPIC, names.STOP_TOPIC, *heartbeats, *meta)
    }
    for name in heartbeats:
        topics[name].grant_publish(jobs)
    return Topics(
        start=topics[names.START_TOPIC],
        stop=topics[names.STOP_TOPIC],
        heartbeats=tuple(topics[name] for name in heartbeats),
        names=tuple(sorted(topics)),
    )


def _runner_subscriptions(
    stack: EnvironmentStack, ground: Ground, settings: Settings, topics: Topics
) -> Iterator[RunnerSubscription]:
    """A subscription for the start messages of each cluster, and one for all stop messages."""
    local = settings.local.clusters if settings.local else ()
    runners = sorted([*(cluster.name for cluster in clusters(settings)), *local])
    for name, topic, cluster in (
        *((names.start_subscription(cluster), topics.start, cluster) for cluster in runners),
        (names.STOP_SUBSCRIPTION, topics.stop, None),
    ):
        yield RunnerSubscription(
            stack,
            name,
            ground=ground,
            name=name,
            topic=topic,
            cluster=cluster,
            delivery=settings.delivery,
        )


def _outputs(
    stack: EnvironmentStack,
    account: str,
    buckets: tuple[str, ...],
    topics: tuple[str, ...],
    fleet: list[Cluster],
) -> None:
    """What a person wants to know of it."""
    outputs: dict[str, tuple[str, object]] = {
        "service_account": ("The account that every VM runs as", account),
        "buckets": ("The buckets, for results and for datasets", list(buckets)),
        "topics": ("The Pub/Sub topics", list(topics)),
        "fleets": (
            "Each cluster's template, and its managed instance group by region",
            {
                cluster.name: {
                    "template": cluster.template_name,
                    "groups": {group.region: group.name for group in cluster.groups},
                }
                for cluster in fleet
            },
        ),
    }
    for name, (description, value) in outputs.items():
        cdk.TerraformOutput(stack, name, description=description, value=value)
