"""Pub/Sub: how the scheduler and the VMs talk."""

from pipeline_zen import names
from pipeline_zen.settings import Delivery
from pipeline_zen.stack import cdk
from pipeline_zen.stack.ground import Ground, Principal, Role
from pipeline_zen.stack.identity import CustomRoles

PUBLISHER = Role.of_google("roles/pubsub.publisher")


class Topic(cdk.Construct):
    """A topic; `reference` is its name, as what depends on the topic has it."""

    def __init__(self, scope: cdk.Construct, id_: str, *, ground: Ground, name: str) -> None:
        super().__init__(scope, id_)
        self._ground = ground
        self.name = name
        self.topic = ground.resource(cdk.PubsubTopic, name)(
            self,
            "Resource",
            project=ground.project,
            name=name,
            depends_on=[ground.services.pubsub],
        )
        # Asked of the CDK once, however many subscriptions and grants name it.
        self.reference = self.topic.name

    def grant_publish(self, to: Principal) -> None:
        """Let *to* publish: `roles/pubsub.publisher` on this topic."""
        self._ground.grant(
            cdk.PubsubTopicIamMember,
            self,
            self.name,
            PUBLISHER,
            to,
            project=self._ground.project,
            topic=self.reference,
        )


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
        ground: Ground,
        name: str,
        topic: Topic,
        cluster: str | None,
        delivery: Delivery,
    ) -> None:
        super().__init__(scope, id_)
        self._ground = ground
        self.name = name
        self.subscription = ground.resource(cdk.PubsubSubscription, name)(
            self,
            "Resource",
            project=ground.project,
            name=name,
            topic=topic.reference,
            # It cannot be changed later: another filter is another subscription.
            filter=names.start_filter(cluster) if cluster else None,
            ack_deadline_seconds=delivery.ack_deadline_seconds,
            message_retention_duration=f"{delivery.retention_days * 86_400}s",
            retain_acked_messages=False,
            enable_exactly_once_delivery=True,
            # Unasked, Google drops a subscription after 31 idle days.
            expiration_policy=cdk.PubsubSubscriptionExpirationPolicy(ttl=""),
        )

    def grant_consume(self, to: Principal, roles: CustomRoles) -> None:
        """Let *to* pull and acknowledge: `pipelineZenSubscriptionConsumer` on this subscription."""
        self._ground.grant(
            cdk.PubsubSubscriptionIamMember,
            self,
            self.name,
            roles.subscription_consumer,
            to,
            project=self._ground.project,
            subscription=self.subscription.name,
        )
