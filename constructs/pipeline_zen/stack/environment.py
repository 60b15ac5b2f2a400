"""
An environment's stack: everything joined, and written as Terraform JSON.

Beside `stacks/{env}/cdk.tf.json` the CDK keeps a `manifest.json`, from which its own command line
learns what stacks there are.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline_zen import names, versions
from pipeline_zen.fleet.clusters import clusters, labels
from pipeline_zen.settings import Scheduler, Settings
from pipeline_zen.stack import cdk
from pipeline_zen.stack.fleet import ClusterFleet
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
        self._settings = settings
        project, protected = settings.project, settings.protected

        cdk.GcsBackend(
            self,
            bucket=settings.state_bucket,
            prefix=names.state_prefix(settings.environment),
        )
        cdk.GoogleProvider(self, "google", project=project, default_labels=labels(settings))
        self.add_override("terraform.required_version", f">= {versions.OPENTOFU}")
        self.add_override(
            "terraform.required_providers.google",
            {"source": "hashicorp/google", "version": versions.VERSION},
        )

        preferences = settings.quota_preferences
        self._services = Services(self, "services", project=project, quotas=preferences is not None)
        self._roles = CustomRoles(
            self,
            "roles",
            project=project,
            services=self._services,
            public_results=settings.public_results,
            protected=protected,
        )
        account = JobServiceAccount(
            self, "account", project=project, services=self._services, protected=protected
        )
        account.grant_own_vm_deletion(self._roles)
        account.grant_telemetry()
        self._jobs = account.principal

        secret = ConfigSecret(
            self,
            "secret",
            project=project,
            environment=settings.environment,
            services=self._services,
            protected=protected,
        )
        secret.grant_access(self._jobs)

        buckets = self._buckets()
        topics = self._messaging()
        if settings.scheduler:
            self._scheduler(settings.scheduler)
        if preferences:
            GpuQuotas(
                self,
                "quotas",
                settings=settings,
                preferences=preferences,
                services=self._services,
            )
        fleet = clusters(settings)
        for cluster in fleet:
            ClusterFleet(self, cluster.name, cluster=cluster, services=self._services)

        self._output("service_account", "The account that every VM runs as", account.email)
        self._output("buckets", "The buckets, for results and for datasets", buckets)
        self._output("topics", "The Pub/Sub topics", topics)
        self._output(
            "fleets",
            "Each cluster's template, and its managed instance group by region",
            {
                cluster.name: {
                    "template": cluster.template_name,
                    "groups": {group.region: group.name for group in cluster.groups},
                }
                for cluster in fleet
            },
        )

    def _buckets(self) -> list[str]:
        settings = self._settings
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

        self._results = []
        for name, location in sorted(results.items()):
            bucket = self._bucket(name, location, public_objects=settings.public_results)
            bucket.grant_write(self._jobs, self._roles)
            if name in own:
                self._results.append(bucket)
        for name, location in sorted(datasets.items()):
            self._bucket(name, location, public_objects=False).grant_read(self._jobs)
        return sorted([*results, *datasets])

    def _bucket(self, name: str, location: str, *, public_objects: bool) -> Bucket:
        return Bucket(
            self,
            name,
            project=self._settings.project,
            name=name,
            location=location,
            public_objects=public_objects,
            services=self._services,
            protected=self._settings.protected,
        )

    def _scheduler(self, scheduler: Scheduler) -> None:
        access = SchedulerAccess(
            self,
            "scheduler",
            project=self._settings.project,
            scheduler=scheduler,
            services=self._services,
            roles=self._roles,
            protected=self._settings.protected,
        )
        access.grant_messages(*self._scheduled, self._roles.subscription_consumer)
        access.grant_results(self._results)

    def _messaging(self) -> list[str]:
        local = self._settings.local
        start, stop = self._topic(names.START_TOPIC), self._topic(names.STOP_TOPIC)
        heartbeats = [self._topic(names.HEARTBEATS_TOPIC)]
        # Nothing publishes to it today, so nobody is granted to.
        meta = [self._topic(names.META_TOPIC)]
        if local:
            heartbeats.append(self._topic(names.local_topic(names.HEARTBEATS_TOPIC)))
            meta.append(self._topic(names.local_topic(names.META_TOPIC)))
        for topic in heartbeats:
            topic.grant_publish(self._jobs)
        self._scheduled = (start, stop, heartbeats)

        runners = [cluster.name for cluster in clusters(self._settings)]
        for cluster in sorted([*runners, *(local.clusters if local else ())]):
            self._subscription(names.start_subscription(cluster), start, cluster)
        self._subscription(names.STOP_SUBSCRIPTION, stop, None)
        return sorted(topic.name for topic in (start, stop, *heartbeats, *meta))

    def _topic(self, name: str) -> Topic:
        return Topic(
            self,
            name,
            project=self._settings.project,
            name=name,
            services=self._services,
            protected=self._settings.protected,
        )

    def _subscription(self, name: str, topic: Topic, cluster: str | None) -> None:
        RunnerSubscription(
            self,
            name,
            project=self._settings.project,
            name=name,
            topic=topic,
            cluster=cluster,
            delivery=self._settings.delivery,
            protected=self._settings.protected,
        ).grant_consume(self._jobs, self._roles)

    def _output(self, name: str, description: str, value: object) -> None:
        cdk.TerraformOutput(self, name, description=description, value=value)


@dataclass(frozen=True)
class Written:
    """A stack as it was written."""

    environment: str
    file: Path
    resources: int
    changed: bool


def synth(environments: Sequence[Settings], outdir: Path) -> list[Written]:
    """
    Write the stack of each environment below *outdir*.

    The CDK writes into a folder of its own first; whole files are then moved to their places, so
    an interruption leaves nothing half-written. Stacks of other environments stay as they are.
    """
    outdir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=outdir, prefix=".synth-") as folder:
        scratch = Path(folder)
        app = cdk.App(outdir=str(scratch))
        for settings in environments:
            EnvironmentStack(app, settings)
        app.synth()
        written = [_moved(settings.environment, scratch, outdir) for settings in environments]
        _join_manifests(scratch, outdir)
    return written


def _moved(environment: str, scratch: Path, outdir: Path) -> Written:
    file = Path("stacks", environment, "cdk.tf.json")
    new = (scratch / file).read_bytes()
    target = outdir / file
    changed = not target.exists() or target.read_bytes() != new
    if changed:
        target.parent.mkdir(parents=True, exist_ok=True)
        (scratch / file).replace(target)
    resources = sum(map(len, json.loads(new)["resource"].values()))
    return Written(environment, target, resources, changed)


def _join_manifests(scratch: Path, outdir: Path) -> None:
    """Move the manifest too, with the stacks of other environments still in it."""
    name = "manifest.json"
    manifest = json.loads((scratch / name).read_text(encoding="utf-8"))
    kept = {}
    try:
        before = json.loads((outdir / name).read_text(encoding="utf-8"))["stacks"]
        for stack, entry in before.items():
            if (outdir / entry["synthesizedStackPath"]).exists():
                kept[stack] = entry
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # There is none, or it is damaged: it is written anew.
    manifest["stacks"] = dict(sorted({**kept, **manifest["stacks"]}.items()))
    (scratch / name).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    (scratch / name).replace(outdir / name)
