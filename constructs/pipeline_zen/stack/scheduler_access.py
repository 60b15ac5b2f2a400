"""
What the scheduler may do here, just what it calls, and what of its own is made here.

It publishes start and stop messages, raises groups and detaches VMs from them, reads heartbeats,
and reads what jobs wrote about themselves. Its own secret and database are not here.
"""

from collections.abc import Iterable

from pipeline_zen import names
from pipeline_zen.settings import Scheduler
from pipeline_zen.stack import cdk
from pipeline_zen.stack import services as apis
from pipeline_zen.stack.identity import LOG_WRITER, METRIC_WRITER, CustomRoles, Principal
from pipeline_zen.stack.messaging import Topic
from pipeline_zen.stack.services import Services
from pipeline_zen.stack.storage import Bucket

SCALER_PERMISSIONS = (
    "compute.instanceGroupManagers.get",
    "compute.instanceGroupManagers.update",
    "compute.instances.list",
    "compute.regionOperations.get",
)
"""
To raise a group, to detach a VM, to find one by its name, and to wait until that is done.

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
        project: str,
        scheduler: Scheduler,
        services: Services,
        roles: CustomRoles,
        protected: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._project = project
        self._scheduler = scheduler
        self._services = services
        self._protected = protected
        self.principal = Principal("scheduler", self._member())
        scaler = roles.add(
            names.FLEET_SCALER,
            "Pipeline Zen Fleet Scaler",
            "Raises managed instance groups and detaches VMs from them",
            list(SCALER_PERMISSIONS),
        )
        self._grant_in_project(scaler, names.FLEET_SCALER)
        self._grant_in_project(LOG_WRITER, LOG_WRITER)
        self._grant_in_project(METRIC_WRITER, METRIC_WRITER)

    def _member(self) -> str:
        if not self._scheduler.create_account:
            return self._scheduler.member
        account = cdk.ServiceAccount(
            self,
            "Account",
            project=self._project,
            account_id=names.SCHEDULER_ACCOUNT,
            display_name="Scheduler Zen Service Account",
            description="Service account for the scheduler of jobs",
            depends_on=[self._services[apis.IAM]],
        )
        account.override_logical_id(names.SCHEDULER_ACCOUNT)
        if self._protected:
            cdk.protect(account)
        return str(account.member)

    def _grant_in_project(self, role: str, role_name: str) -> None:
        id_ = names.grant_id(self._project, role_name, self.principal.name)
        cdk.ProjectIamMember(
            self,
            id_,
            project=self._project,
            role=role,
            member=self.principal.member,
            depends_on=[self._services[apis.PROJECTS]],
        ).override_logical_id(id_)

    def grant_messages(
        self, start: Topic, stop: Topic, heartbeats: Iterable[Topic], consumer: str
    ) -> None:
        """
        Let it publish on *start* and *stop*, and pull its subscription to each of *heartbeats*.

        *consumer* is the custom role that pulls. The subscriptions must be there already, unless
        they are made here.
        """
        start.grant_publish(self.principal)
        stop.grant_publish(self.principal)
        for topic in heartbeats:
            name = subscription = names.scheduler_subscription(topic.name)
            if self._scheduler.create_heartbeat_subscription:
                subscription = self._heartbeats(topic, name)
            id_ = names.grant_id(name, names.SUBSCRIPTION_CONSUMER, self.principal.name)
            cdk.PubsubSubscriptionIamMember(
                self,
                id_,
                project=self._project,
                subscription=subscription,
                role=consumer,
                member=self.principal.member,
                depends_on=[self._services[apis.PUBSUB]],
            ).override_logical_id(id_)

    def _heartbeats(self, topic: Topic, name: str) -> str:
        subscription = cdk.PubsubSubscription(
            self,
            name,
            project=self._project,
            name=name,
            topic=topic.topic.name,
            ack_deadline_seconds=60,
            message_retention_duration=HEARTBEATS_KEPT,
            retain_acked_messages=False,
            expiration_policy=cdk.PubsubSubscriptionExpirationPolicy(ttl=""),
            # It hands back what it fails on, which would otherwise come again at once, for hours.
            retry_policy=cdk.PubsubSubscriptionRetryPolicy(
                minimum_backoff="0s", maximum_backoff="60s"
            ),
        )
        subscription.override_logical_id(name)
        if self._protected:
            cdk.protect(subscription)
        return str(subscription.name)

    def grant_results(self, buckets: Iterable[Bucket]) -> None:
        """Let it read and list objects: without the list, what is not there yet is an error."""
        for bucket in buckets:
            bucket.grant_list(self.principal)
