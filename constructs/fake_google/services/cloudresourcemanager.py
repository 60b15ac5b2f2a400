"""Projects, which all exist, and their policies."""

from fake_google.service import Call, Service
from fake_google.services.iam import access, policies
from fake_google.store import now
from fake_google.wire import Answer

projects = Service(
    "cloudresourcemanager",
    limits=("Every project exists, and has billing and the network `default`.",),
    always_on=True,
)


@projects("projects.get")
def get_project(call: Call) -> Answer:
    """A project: every id is one."""
    project = call.parameters["projectId"]
    return {
        "projectId": project,
        "projectNumber": call.store.number(project),
        "name": project,
        "lifecycleState": "ACTIVE",
        "createTime": now(),
    }


@projects("projects.getIamPolicy")
def get_project_policy(call: Call) -> Answer:
    """Who may do what in a project."""
    version = call.body.get("options", {}).get("requestedPolicyVersion", 1)
    return policies.get(call.store, f"projects/{call.parameters['resource']}", version)


@projects("projects.setIamPolicy")
def set_project_policy(call: Call) -> Answer:
    """Who may do what in a project, replaced."""
    return policies.change(call, f"projects/{call.parameters['resource']}")


@projects("projects.testIamPermissions")
def test_project_permissions(call: Call) -> Answer:
    """Which of some permissions whoever asks has in a project."""
    return access.held(call, call.body.get("permissions", []))
