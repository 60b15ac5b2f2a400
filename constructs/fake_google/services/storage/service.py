"""The service of Cloud Storage, and what it keeps."""

from fake_google.service import Service

BUCKETS = "storage.buckets"
OBJECTS = "storage.objects"

storage = Service(
    "storage",
    limits=(
        "A deleted object is gone, and so is one that was overwritten, even where versions or soft "
        "deletion keep it at Google; a deleted bucket can be restored at any time, but not what "
        "was in it.",
        "Lifecycle rules, autoclass, logging, websites and CORS are kept as they are told, and "
        "nothing comes of them.",
    ),
)
