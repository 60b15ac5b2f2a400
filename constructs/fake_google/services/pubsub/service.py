"""The service of Pub/Sub, and what it keeps."""

from fake_google.service import Service

TOPICS = "pubsub.topics"
SUBSCRIPTIONS = "pubsub.subscriptions"

pubsub = Service(
    "pubsub",
    keeps=(SUBSCRIPTIONS, TOPICS),
    limits=("No message is ever published or pulled.",),
)
