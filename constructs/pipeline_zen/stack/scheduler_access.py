"""
What the scheduler may do here, just what it calls, and what of its own is made here.

It publishes start and stop messages, raises groups and detaches VMs from them, reads heartbeats,
and reads what jobs wrote about themselves. Its own secret and database are not here.
"""

from collections.abc import Iterable

from pipeline_zen import names
from pipeline_zen.settings import Scheduler
from pipeline_zen.stack import cdk
from pipeline_zen.stack.ground import Ground, Principal
from pipeline_zen.stack.identity import LOG_WRITER, METRIC_WRITER, CustomRoles
from pipeline_zen.stack.messaging import Topic
from pipeline_zen.stack.storage import Bucket

SCALER_PERMISSIONS = (
    "compute.instanceGroupManagers.get",
    "compute.instanceGroupManagers.update",
    "compute.instances.list",
    "compute.regionOperations.get",
)
"""
Permissions to raise a group, to detach a VM, to find one by its name, and to wait for that.

A resize request, by which VMs of flex-start come, needs nothing more: whoever may update a group
may create and cancel one. So there is nothing to grant only where a cluster is had so.

IAM has no condition for groups, so it holds for every group of the project; and `update` also
allows another template, so whoever has it can start VMs as the jobs' account.
"""

HEARTBEATS_KEPT = "14400s"
"""Heartbeats are worthless after a few hours."""


class SchedulerAccess(cdk.Construct):
    """The scheduler's rights: a custom role in the project, the rest on each thing alone."""

    def __init__(
        self,
        scope: cdk.Construct,
        id_: str,
        *,
        ground: Ground,
        scheduler: Scheduler,
        roles: CustomRoles,
    ) -> None:
        super().__init__(scope, id_)
        self._ground = ground
        self._scheduler = scheduler
        self._roles = roles
        self.principal = Principal("scheduler", self._member())
        scaler = roles.add(
            names.FLEET_SCALER,
            "Pipeline Zen Fleet Scaler",
            "Raises managed instance groups and detaches VMs from them",
            list(SCALER_PERMISSIONS),
        )
        for role in (scaler, LOG_WRITER, METRIC_WRITER):
            ground.grant_in_project(self, role, self.principal)

    def _member(self) -> str:
        if not self._scheduler.create_account:
            return self._scheduler.member
        account = self._ground.resource(cdk.ServiceAccount, names.SCHEDULER_ACCOUNT)(
            self,
            "Account",
            project=self._ground.project,
            account_id=names.SCHEDULER_ACCOUNT,
            display_name="Scheduler Zen Service Account",
            description="Service account for the scheduler of jobs",
            depends_on=[self._ground.services.iam],
        )
        return str(account.member)

    def grant_messages(self, start: Topic, stop: Topic, heartbeats: Iterable[Topic]) -> None:
        """
        Let it publish on *start* and *stop*, and pull its subscription to each of *heartbeats*.

        The subscriptions must be there already, unless they are made here.
        """
        start.grant_publish(self.principal)
        stop.grant_publish(self.principal)
        for topic in heartbeats:
            name = subscription = names.scheduler_subscription(topic.name)
            if self._scheduler.create_heartbeat_subscription:
                subscription = self._heartbeats(topic, name)
            self._ground.grant(
                cdk.PubsubSubscriptionIamMember,
                self,
                name,
                self._roles.subscription_consumer,
                self.principal,
                project=self._ground.project,
                subscription=subscription,
                depends_on=[self._ground.services.pubsub],
            )

    def _heartbeats(self, topic: Topic, name: str) -> str:
        subscription = self._ground.resource(cdk.PubsubSubscription, name)(
            self,
            name,
            project=self._ground.project,
            name=name,
            topic=topic.reference,
            ack_deadline_seconds=60,
            message_retention_duration=HEARTBEATS_KEPT,
            retain_acked_messages=False,
            expiration_policy=cdk.PubsubSubscriptionExpirationPolicy(ttl=""),
            # It hands back what it fails on, which would otherwise come again at once, for hours.
            retry_policy=cdk.PubsubSubscriptionRetryPolicy(
                minimum_backoff="0s", maximum_backoff="60s"
            ),
        )
        return str(subscription.name)

    def grant_results(self, buckets: Iterable[Bucket]) -> None:
        """Let it read and list objects: without the list, what is not there yet is an error."""
        for bucket in buckets:
            bucket.grant_list(self.principal)
