"""
Pub/Sub: topics, and the subscriptions to them.

    messages       messages: published, pulled, acknowledged
    resources      what topics and subscriptions have in common
    service        what the service says of itself
    subscriptions  subscriptions
    topics         topics
"""

from fake_google.services.pubsub import messages, subscriptions, topics

__all__ = ["messages", "subscriptions", "topics"]
