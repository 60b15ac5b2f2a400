"""Regions and zones, and where buckets can be. As of November 2026, from Google's own pages."""

from fake_google.errors import ApiError, invalid

_USUAL = ("a", "b", "c")

_UNUSUAL = {
    "europe-west1": ("b", "c", "d"),
    "us-central1": ("a", "b", "c", "f", "ai1a"),
    "us-east1": ("b", "c", "d"),
    "us-south1": ("a", "b", "c", "ai1b"),
}

_REGIONS = """
africa-south1
asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1 asia-south2
asia-southeast1 asia-southeast2 asia-southeast3
australia-southeast1 australia-southeast2
europe-central2 europe-north1 europe-north2 europe-southwest1 europe-west1 europe-west10
europe-west12 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 europe-west9
me-central1 me-central2 me-west1
northamerica-northeast1 northamerica-northeast2 northamerica-south1
southamerica-east1 southamerica-west1
us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4
"""

REGIONS = {
    region: tuple(f"{region}-{letter}" for letter in _UNUSUAL.get(region, _USUAL))
    for region in _REGIONS.split()
}
"""The zones of each region."""

ZONES = frozenset(zone for zones in REGIONS.values() for zone in zones)

MULTI_REGIONS = frozenset({"ASIA", "EU", "US"})
DUAL_REGIONS = frozenset({"ASIA1", "EUR4", "EUR5", "EUR7", "EUR8", "NAM4"})


def usual_zones(region: str) -> list[str]:
    """The zones that a regional group spreads over where nobody says which."""
    return [zone for zone in REGIONS[region] if len(zone.rpartition("-")[2]) == 1][:3]


def check_region(region: str) -> None:
    """Raise ApiError where *region* is none."""
    if region not in REGIONS:
        raise invalid(f"Invalid value for field 'region': '{region}'. Unknown region.")


def check_zone(zone: str) -> None:
    """Raise ApiError where *zone* is none."""
    if zone not in ZONES:
        raise invalid(f"Invalid value for field 'zone': '{zone}'. Unknown zone.")


def location_type(location: str) -> str:
    """What kind of place for a bucket *location* is. Raises ApiError where it is none."""
    if location in MULTI_REGIONS:
        return "multi-region"
    if location in DUAL_REGIONS:
        return "dual-region"
    if location.lower() in REGIONS:
        return "region"
    raise ApiError(400, f"The specified location constraint is not valid: '{location}'.")
