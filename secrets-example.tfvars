# Secret variables of OpenTofu itself, as against those of the jobs (see config-example.env):
#     install -m 600 secrets-example.tfvars secrets.tfvars
# and fill that in. It is never committed, and it serves all environments.
#
# The stacks declare no variable today: OpenTofu signs in as you (Application Default
# Credentials) and the jobs' secrets go past it. An empty secrets.tfvars is right.
