"""
The services that there are: every module and every folder here is one, and registers itself.

    cloudbilling          which account pays for a project
    cloudquotas           what is asked of Google as quota
    cloudresourcemanager  projects and their policies
    compute               instance templates, groups and their VMs
    iam                   service accounts, custom roles; the policies of everything that has one
    openidconnect         who a token is of
    pubsub                topics and subscriptions
    secretmanager         secrets and their versions
    serviceusage          the APIs that are switched on in a project
    storage               buckets and objects
"""

import importlib
import pkgutil

from fake_google.service import REGISTERED

for _module in sorted(module.name for module in pkgutil.walk_packages(__path__, f"{__name__}.")):
    importlib.import_module(_module)

SERVICES = dict(sorted(REGISTERED.items()))
"""All services, by API."""

LASTING = frozenset(kind for service in SERVICES.values() for kind in service.lasting)
"""The kinds that nobody can delete, and that count for nothing when all is deleted."""

__all__ = ["LASTING", "SERVICES"]
