"""Projects, as Compute Engine sees them."""

from fake_google.service import Call
from fake_google.services.compute.service import compute
from fake_google.wire import Answer


@compute("projects.get")
def get_project(call: Call) -> Answer:
    """A project, by its id or its number."""
    project = call.store.project(call.parameters["project"])
    return {"kind": "compute#project", "id": call.store.number(project), "name": project}
