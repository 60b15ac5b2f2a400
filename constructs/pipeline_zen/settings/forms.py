"""The forms of texts in the settings: a pattern each, what it stands for, and its type."""

from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

REGION = r"^[a-z]+-[a-z]+[0-9]+$"
ZONE_LETTER = r"^[a-z]$"
FLEET_NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
CLUSTER_NAME = r"^[1-9][0-9]*x[a-z][a-z0-9]*(-[a-z0-9]+)*$"
PROJECT_ID = r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$"
BUCKET_NAME = r"^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$"
BUCKET_SUFFIX = r"^[a-z]+(-[a-z]+[0-9]+)?$"
LOCATION = r"^[A-Z]+[0-9]*(-[A-Z]+[0-9]+)?$"
LINEAGE = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
VERSION = r"^[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}$"
MEMBER = (
    r"^(serviceAccount:([^@\s]+@([a-z0-9-]+\.)+gserviceaccount\.com"
    r"|\S+\.svc\.id\.goog\[[^/\s]+/[^/\s]+\])"
    r"|(user|group):[^@\s]+@[^@\s]+\.[^@\s]+"
    r"|principal(Set)?://[^/\s]+/\S+)$"
)
E_MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
LABEL_KEY = r"^[a-z][a-z0-9_-]{0,62}$"
LABEL_VALUE = r"^[a-z0-9_-]{0,63}$"
RESERVATION = (
    r"^(projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/reservations/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"
)
RULE_ID = r"^[a-z]+(-[a-z]+)*$"

IN_WORDS = {
    REGION: "a region, such as us-central1",
    ZONE_LETTER: "a zone's letter, such as a",
    FLEET_NAME: "a fleet's name: lower-case words of letters and digits, joined by dashes",
    CLUSTER_NAME: "a cluster's name: a number of GPUs, an x and a fleet's name, such as 1xlocal",
    PROJECT_ID: "a project id: 6 to 30 lower-case letters, digits and dashes",
    BUCKET_NAME: "a bucket's name: 3 to 63 lower-case letters, digits, dashes, dots",
    BUCKET_SUFFIX: "a region's first word, such as us, or a region, such as me-west1",
    LOCATION: "a bucket location, such as EU or ME-WEST1, in capitals",
    LINEAGE: "a lineage as OpenTofu writes it: 32 hexadecimal digits in five groups",
    VERSION: "a release in quotes, such as '0.61.0'",
    MEMBER: (
        "a member as IAM writes it: serviceAccount:, user: or group: and an e-mail address, which "
        "of a service account ends in gserviceaccount.com, or principal:// or principalSet://"
    ),
    E_MAIL: "an e-mail address",
    LABEL_KEY: "a label's name: up to 63 lower-case letters, digits, dashes, underscores",
    LABEL_VALUE: "a label's value: up to 63 lower-case letters, digits, dashes, underscores",
    RESERVATION: "a reservation's name, or projects/PROJECT/reservations/NAME",
    RULE_ID: "a rule's id, such as zone-unused",
}
"""What each pattern stands for, for messages."""

Region = Annotated[str, StringConstraints(pattern=REGION)]
ZoneLetter = Annotated[str, StringConstraints(pattern=ZONE_LETTER)]
FleetName = Annotated[str, StringConstraints(pattern=FLEET_NAME)]
ClusterName = Annotated[str, StringConstraints(pattern=CLUSTER_NAME)]
ProjectId = Annotated[str, StringConstraints(pattern=PROJECT_ID)]
BucketName = Annotated[str, StringConstraints(pattern=BUCKET_NAME)]
BucketSuffix = Annotated[str, StringConstraints(pattern=BUCKET_SUFFIX)]
Location = Annotated[str, StringConstraints(pattern=LOCATION)]
Lineage = Annotated[str, StringConstraints(pattern=LINEAGE)]
ImageVersion = Annotated[str, StringConstraints(pattern=VERSION)]
Member = Annotated[str, StringConstraints(pattern=MEMBER)]
EMail = Annotated[str, StringConstraints(pattern=E_MAIL)]
LabelKey = Annotated[str, StringConstraints(pattern=LABEL_KEY)]
LabelValue = Annotated[str, StringConstraints(pattern=LABEL_VALUE)]
Reservation = Annotated[str, Field(json_schema_extra={"pattern": RESERVATION})]
RuleId = Annotated[str, StringConstraints(pattern=RULE_ID)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Gpus = Annotated[StrictInt, Field(ge=1)]
