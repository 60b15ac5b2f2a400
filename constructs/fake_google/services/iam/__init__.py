"""
IAM: who there is, and who may do what.

    accounts  service accounts
    policies  the policies on everything that has one, of whichever service
    roles     custom roles
    service   what the service says of itself
"""

from fake_google.services.iam import accounts, policies, roles

__all__ = ["accounts", "policies", "roles"]
