"""The service of Cloud Storage, and what it keeps."""

from fake_google.service import Service

BUCKETS = "storage.buckets"
OBJECTS = "storage.objects"

storage = Service(
    "storage",
    limits=(
        "A deleted bucket or object is gone, and so is an object that was overwritten, even where "
        "versions or soft deletion keep it at Google.",
        "Lifecycle rules, autoclass, logging, websites and CORS are kept as they are told, and "
        "nothing comes of them.",
    ),
)
