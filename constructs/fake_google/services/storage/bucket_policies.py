"""Who may use a bucket."""

from fake_google.errors import ApiError, invalid
from fake_google.service import Call
from fake_google.services.iam import access, policies
from fake_google.services.storage.buckets import bucket_of, is_uniform
from fake_google.services.storage.service import storage
from fake_google.wire import Answer


@storage("buckets.getIamPolicy", takes=("optionsRequestedPolicyVersion",))
def get_policy(call: Call) -> Answer:
    """Who may use the bucket."""
    bucket = bucket_of(call)
    version = int(call.query.get("optionsRequestedPolicyVersion", 1))
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{bucket['name']}",
        **policies.get(call.store, bucket["name"], version),
    }


@storage("buckets.testIamPermissions", takes=("permissions",))
def test_permissions(call: Call) -> Answer:
    """Which of some permissions whoever asks has on the bucket."""
    bucket_of(call)
    held = access.held(call, call.query.get("permissions", "").split(","))
    return {"kind": "storage#testIamPermissionsResponse", **held}


@storage("buckets.setIamPolicy")
def set_policy(call: Call) -> Answer:
    """Who may use the bucket, replaced; conditions need uniform access."""
    bucket = bucket_of(call)
    bindings = call.body.get("bindings", [])
    if any(binding.get("condition") for binding in bindings) and not is_uniform(bucket):
        raise invalid("Conditions are not allowed without uniform bucket-level access.")
    public = {"allUsers", "allAuthenticatedUsers"}
    if bucket["iamConfiguration"]["publicAccessPrevention"] == "enforced" and any(
        public & set(binding.get("members", [])) for binding in bindings
    ):
        raise ApiError(412, "The member bindings allUsers and allAuthenticatedUsers are prevented.")
    answer = policies.put(call.store, bucket["name"], call.body, stale=412)
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{bucket['name']}",
        **answer,
    }
