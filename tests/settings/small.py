"""Small settings of the tests' own, so that messages do not move with the real ones."""

from datetime import date

TODAY = date(2026, 12, 1)

BASE = """\
state_bucket: lum-terraform-state
images_project: neat-airport-407301

results_buckets:
  europe: EU
  us: US

fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8, 4: n1-highmem-16}
    regions:
      us-central1: [a, b]

  a100-40gb:
    accelerator: nvidia-tesla-a100
    machine_types: {8: a2-highgpu-8g}
    regions:
      europe-west4: [a, b]
      us-central1: [a, f]
"""

DEV = """\
project: eng-ai-dev
protected: false
local:
  clusters: [1xlocal]
"""

Edit = tuple[str, str, str]
"""A file, a text that it holds once, and what to put in its place."""

IN_DEV = "@eng-ai-dev.iam.gserviceaccount.com"

A100 = "accelerator: nvidia-tesla-a100\n"


def file_of(name: str) -> str:
    return name if name == "VERSION" else f"config/{name}.yaml"
