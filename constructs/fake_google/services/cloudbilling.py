"""Which account pays for a project."""

from fake_google.service import Call, Service
from fake_google.wire import Answer

cloudbilling = Service("cloudbilling", always_on=True)


@cloudbilling("projects.getBillingInfo")
def get_billing_info(call: Call) -> Answer:
    """Always the same one."""
    name = call.parameters["name"]
    return {
        "name": f"{name}/billingInfo",
        "projectId": name.removeprefix("projects/"),
        "billingAccountName": "billingAccounts/000000-000000-000000",
        "billingEnabled": True,
    }
