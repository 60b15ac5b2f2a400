"""
Pub/Sub: topics, and the subscriptions to them.

    messages       messages: published, pulled, acknowledged
    resources      what topics and subscriptions have in common
    service        what the service says of itself
    subscriptions  subscriptions
    topics         topics
"""
