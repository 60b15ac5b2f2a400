"""The page of what is served and what is not, from what the services say of themselves."""

from fake_google import discovery
from fake_google.control import ACTIONS
from fake_google.endpoints import variables_of
from fake_google.services import SERVICES


def served() -> str:
    """A table of the services: host, the provider's variables, and the methods of each."""
    lines = ["| API | variables of the provider | methods |", "|---|---|---|"]
    for service in SERVICES.values():
        variables = " ".join(f"`{name}`" for name in variables_of(service.api))
        routes = sum(map(len, discovery.load()[service.api].methods.values()))
        methods = " ".join(f"`{name}`" for name in sorted(service.handlers))
        count = f"{len(service.handlers)} of {routes}"
        lines.append(f"| `{service.host}` | {variables} | {count}: {methods} |")
    return "\n".join(lines)


def limits() -> str:
    """A list of what each service knowingly does not do."""
    return "\n".join(
        f"- `{service.host}`: {limit}" for service in SERVICES.values() for limit in service.limits
    )


def controls() -> str:
    """A table of what can be asked of the interface for tests."""
    lines = ["| request | what comes of it |", "|---|---|"]
    for (verb, path), action in ACTIONS.items():
        lines.append(f"| `{verb} /_control/{path}` | {(action.__doc__ or '').strip()} |")
    return "\n".join(lines)
