"""The service of Cloud Storage, and what it keeps."""

from fake_google.service import Service

BUCKETS = "storage.buckets"
OBJECTS = "storage.objects"

storage = Service(
    "storage",
    keeps=(BUCKETS, OBJECTS),
    limits=("A deleted bucket is gone; with Google it can be brought back.",),
)
