"""By rule, settings that it finds and settings that it lets pass; what the tests of rules share."""

from datetime import date

from pipeline_zen.settings import Problem, SettingsError, examine
from tests.conftest import Checkout

TODAY = date(2026, 12, 1)

BASE = """\
state_bucket: lum-terraform-state
images_project: neat-airport-407301
results_buckets:
  europe: EU
  me-west1: ME-WEST1
  us: US
fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8}
    regions:
      us-central1: [a, b, c, f]
  a100-40gb:
    accelerator: nvidia-tesla-a100
    machine_types: {1: a2-highgpu-1g, 8: a2-highgpu-8g}
    regions:
      europe-west4: [a, b]
      us-east1: [b]
"""

PROJECT = "project: eng-ai-dev\n"

DEV = f"""\
{PROJECT}lint:
  ignore:
    region-unused: these settings are small
"""

Edit = tuple[str, str]

A100 = """\
    accelerator: nvidia-tesla-a100
    machine_types: {1: a2-highgpu-1g, 8: a2-highgpu-8g}
"""

H100 = """\
    accelerator: nvidia-h100-80gb
    machine_types: {1: a3-highgpu-1g}
"""

GB200 = """\
    accelerator: nvidia-gb200
    machine_types: {4: a4x-highgpu-4g}
    capacity: reservation-bound
    reservations: {4: ours}
    boot_disk_type: hyperdisk-balanced
"""

IN_US_CENTRAL = (
    ("      europe-west4: [a, b]\n      us-east1: [b]\n", "      us-central1: [b, f]\n"),
)

IGNORED = (DEV, f"{DEV}    zone-unused: we like it so\n")

P100 = """\
  v100:
    accelerator: nvidia-tesla-p100
    machine_types: {4: n1-standard-32}
    cluster_capacity: {4: standard}
    regions:
      us-central1: [c, f]
"""

V100 = BASE[BASE.index("  v100:") : BASE.index("  a100-40gb:")]

ASKED = "quota_preferences: {contact_email: ann@b.example}"

RTX = """\
    accelerator: nvidia-rtx-pro-6000
    machine_types: {1: g4-standard-48}
    boot_disk_type: hyperdisk-balanced
"""

CASES: dict[str, tuple[list[Edit], list[Edit]]] = {
    "region-unknown": ([("us-east1:", "us-eats1:")], [("us-east1:", "us-west1:")]),
    "location-unknown": (
        [("europe: EU", "europe: EUU")],
        [("europe: EU", "europe: EUROPE-WEST1")],
    ),
    "accelerator-unknown": (
        [("accelerator: nvidia-tesla-v100", "accelerator: nvidia-v100")],
        [("accelerator: nvidia-tesla-v100", "accelerator: nvidia-tesla-t4")],
    ),
    "machine-unknown": (
        [("8: a2-highgpu-8g", "8: a2-highgpu-8")],
        [("8: a2-highgpu-8g", "16: a2-megagpu-16g")],
    ),
    "machine-misfit": (
        [("1: n1-highmem-8", "1: n1-highmem-16")],
        [("1: n1-highmem-8", "2: n1-highmem-16")],
    ),
    "boot-disk-misfit": (
        [(A100, f"{A100}    boot_disk_type: hyperdisk-balanced\n")],
        [(A100, f"{A100}    boot_disk_type: pd-ssd\n")],
    ),
    "name-too-long": (
        [("  a100-40gb:", "  a100-40gb-with-much-network:")],
        [("  a100-40gb:", "  a100-40gb-with-network:")],
    ),
    "machine-not-set-up": (
        [(A100, GB200), *IN_US_CENTRAL, (DEV, f"{DEV}    zone-doubtful: not deployed\n")],
        [(A100, f"{RTX}    capacity: spot\n"), *IN_US_CENTRAL],
    ),
    "machine-doubtful": (
        [
            (V100, P100.replace("{4: n1-standard-32}", "{4: n1-highcpu-96}")),
            (DEV, f"{DEV}    capacity-doubtful: tried\n"),
        ],
        [(V100, P100)],
    ),
    "zone-not-sold": (
        [("us-east1: [b]", "us-east1: [b, d]")],
        [("us-east1: [b]", "us-west4: [b]")],
    ),
    "capacity-not-sold": (
        [(A100, H100), ("europe-west4: [a, b]", "us-west4: [a]"), ("      us-east1: [b]\n", "")],
        [
            (A100, H100.replace("{1:", "{8:").replace("-1g", "-8g")),
            ("europe-west4: [a, b]", "us-west4: [a]"),
            ("      us-east1: [b]\n", ""),
        ],
    ),
    "capacity-doubtful": (
        [(A100, f"{RTX}    capacity: flex-start\n    max_run_hours: 9\n"), *IN_US_CENTRAL],
        [(A100, f"{RTX}    capacity: spot\n"), *IN_US_CENTRAL],
    ),
    "ignore-unknown": ([(DEV, IGNORED[1].replace("zone-unused", "zone-unsed"))], [IGNORED]),
    "zone-doubtful": (
        [("us-east1: [b]", "me-west1: [a, b, c]")],
        [("us-east1: [b]", "me-west1: [c]")],
    ),
    "boot-disk-doubtful": (
        [("  v100:\n", "  v100:\n    boot_disk_type: hyperdisk-balanced\n")],
        [("  v100:\n", "  v100:\n    boot_disk_type: pd-ssd\n")],
    ),
    "ignore-unused": ([IGNORED], [IGNORED, ("[a, b, c, f]", "[a, b, c]")]),
    "zone-unused": ([("[a, b, c, f]", "[a, b, c]")], [("us-east1: [b]", "us-west3: [b]")]),
    "region-unused": (
        [(DEV, PROJECT)],
        [
            (DEV, PROJECT),
            (BASE[BASE.index("  a100-40gb:") :], ""),
            (
                "      us-central1: [a, b, c, f]",
                """\
      asia-east1: [c]
      europe-west4: [a, b, c]
      us-central1: [a, b, c, f]
      us-east1: [c]
      us-west1: [a, b]""",
            ),
            ("europe: EU", "asia: ASIA\n  europe: EU"),
        ],
    ),
    "quota-not-asked": (
        [("images_project", f"{ASKED}\nimages_project")],
        [],
    ),
    "name-too-long-elsewhere": (
        [("  a100-40gb:", "  a100-40gb-with-lssds:")],
        [("  a100-40gb:", "  a100-40gb-with-lssd:")],
    ),
}
"""By rule: edits of these settings that it finds, and some of the same place that it lets pass."""


def edit(checkout: Checkout, *edits: Edit) -> None:
    """Put other settings in the place of some."""
    for old, new in edits:
        checkout.edit("config/dev.yaml" if old == DEV else "config/base.yaml", old, new)


def problems(checkout: Checkout, today: date = TODAY) -> tuple[Problem, ...]:
    """All that the rules find, errors or not."""
    try:
        return examine(checkout.root, ["dev"], today=today).remarks
    except SettingsError as error:
        return error.problems
