"""
Cloud Storage: buckets, and what lies in them.

    buckets  buckets and their policies
    objects  objects
    service  what the service says of itself
    uploads  the forms in which objects come
"""

from fake_google.services.storage import buckets, objects

__all__ = ["buckets", "objects"]
