"""A small fleet, for tests that apply one."""

FLEET = """
fleets:
  v100:
    accelerator: nvidia-tesla-v100
    machine_types: {1: n1-highmem-8}
    regions:
      us-central1: [a, b]
      us-west1: [a]
"""
