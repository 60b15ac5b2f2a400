"""
Takes over what exists already, made by hand or by other Terraform code.

What is there has the names that running code relies on, so most of it can be told from its name:
`import` blocks let the first plan find it. Where the old state can be carried over, `moved` blocks
give everything in it its new address, and `removed` blocks forget, without destroying, what this
project does not have. The blocks stand in a file of their own beside the stack.

Grants that are wider than this project's are left in place, so that nothing that runs loses a
right during the change; each comes with the line that takes it away afterwards.

    stack      the synthesized stack's resources, with the references between them filled in
    by_name    what is there by its name: import
    by_state   what is in an old state: moved, removed
    leftovers  commands that take away what is wider than it need be
    adopting   joins them, and writes the file
"""

from pipeline_zen.tofu.adoption.adopting import FILE, Adoption, adopt, leave_out
from pipeline_zen.tofu.adoption.stack import AdoptionError

__all__ = ["FILE", "Adoption", "AdoptionError", "adopt", "leave_out"]
