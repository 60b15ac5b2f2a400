"""
IAM: who there is, and who may do what.

    access      the permission that a method needs, and whether somebody has it
    accounts    service accounts
    conditions  conditions of grants
    known       the predefined roles and the permissions that there are
    policies    the policies on everything that has one, of whichever service
    roles       custom roles
    service     what the service says of itself
"""
