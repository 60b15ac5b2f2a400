"""The service of Pub/Sub, and what it keeps."""

from fake_google.service import Service

TOPICS = "pubsub.topics"
SUBSCRIPTIONS = "pubsub.subscriptions"
MESSAGES = "pubsub.messages"
"""What waits in each subscription, by the name of that."""

pubsub = Service(
    "pubsub",
    limits=(
        "Messages are published and pulled by REST, not by gRPC, of which StreamingPull is a part.",
        "A pull answers at once, and with nothing where nothing waits. No message expires, none "
        "is pushed or exported, and of an order nothing is made.",
    ),
)
