"""
Pub/Sub: topics, and the subscriptions to them.

    resources      what topics and subscriptions have in common
    service        what the service says of itself
    subscriptions  subscriptions
    topics         topics
"""

from fake_google.services.pubsub import subscriptions, topics

__all__ = ["subscriptions", "topics"]
