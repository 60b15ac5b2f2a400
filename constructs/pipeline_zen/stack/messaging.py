"""Pub/Sub: how the scheduler and the VMs talk."""

from pipeline_zen import names
from pipeline_zen.settings import Delivery
from pipeline_zen.stack import cdk
from pipeline_zen.stack import services as apis
from pipeline_zen.stack.identity import CustomRoles, Principal
from pipeline_zen.stack.services import Services

PUBLISHER = "roles/pubsub.publisher"


class Topic(cdk.Construct):
    """A topic."""

    def __init__(
        self,
        scope: cdk.Construct,
        id_: str,
        *,
        project: str,
        name: str,
        services: Services,
        protected: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._project = project
        self.name = name
        self.topic = cdk.PubsubTopic(
            self, "Resource", project=project, name=name, depends_on=[services[apis.PUBSUB]]
        )
        self.topic.override_logical_id(name)
        if protected:
            cdk.protect(self.topic)

    def grant_publish(self, to: Principal) -> None:
        """Let *to* publish: `roles/pubsub.publisher` on this topic."""
        id_ = names.grant_id(self.name, PUBLISHER, to.name)
        cdk.PubsubTopicIamMember(
            self,
            id_,
            project=self._project,
            topic=self.topic.name,
            role=PUBLISHER,
            member=to.member,
        ).override_logical_id(id_)


class RunnerSubscription(cdk.Construct):
    """
    A subscription that VMs pull from: the start messages of one cluster, or all stop messages.

    It has no dead-letter policy, and the stop subscription must never get one: while a job runs,
    its VM pulls and hands back the stop messages of other jobs every ten seconds, and each time
    counts as a failed delivery.
    """

    def __init__(
        self,
        scope: cdk.Construct,
        id_: str,
        *,
        project: str,
        name: str,
        topic: Topic,
        cluster: str | None,
        delivery: Delivery,
        protected: bool,
    ) -> None:
        super().__init__(scope, id_)
        self._project = project
        self.name = name
        self.subscription = cdk.PubsubSubscription(
            self,
            "Resource",
            project=project,
            name=name,
            topic=topic.topic.name,
            # It cannot be changed later: another filter is another subscription.
            filter=f'attributes.cluster = "{cluster}"' if cluster else None,
            ack_deadline_seconds=delivery.ack_deadline_seconds,
            message_retention_duration=f"{delivery.retention_days * 86_400}s",
            retain_acked_messages=False,
            enable_exactly_once_delivery=True,
            # Unasked, Google drops a subscription after 31 idle days.
            expiration_policy=cdk.PubsubSubscriptionExpirationPolicy(ttl=""),
        )
        self.subscription.override_logical_id(name)
        if protected:
            cdk.protect(self.subscription)

    def grant_consume(self, to: Principal, roles: CustomRoles) -> None:
        """Let *to* pull and acknowledge: `pipelineZenSubscriptionConsumer` on this subscription."""
        id_ = names.grant_id(self.name, names.SUBSCRIPTION_CONSUMER, to.name)
        cdk.PubsubSubscriptionIamMember(
            self,
            id_,
            project=self._project,
            subscription=self.subscription.name,
            role=roles.subscription_consumer,
            member=to.member,
        ).override_logical_id(id_)
