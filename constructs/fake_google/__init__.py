"""
A fake Google Cloud on loopback: enough of eight APIs to apply, change and destroy an environment.

OpenTofu and the Google provider run against it as they are, pointed here by environment
variables. Requests are checked against Google's own discovery documents; errors, etags,
fingerprints, generations and defaults are Google's. What is not served answers 501 and names the
method.

What it knowingly does not do:

- Operations are done at once. VMs are there as soon as a group is told to be larger: capacity and
  quota never run out, nothing boots, and no message is ever published or pulled.
- Every project exists, with billing and the network `default`; every image and machine type too.
- Quota that is asked for is granted at once, all of it.
- Nobody is refused for want of a permission. Policies are kept and checked, not applied.
- Rights and APIs are there at once, everywhere; with Google they spread within minutes.
- A template is in use while a group names it. Google may count the VMs in the group, too, and
  refuse to delete the template of one that has not been replaced yet.
- A secret's payload is not kept and cannot be read again. Disabled and destroyed it can be.
- A deleted bucket, topic or account is gone; with Google some can be brought back. A deleted role
  can. A quota preference cannot be deleted, with Google neither.
- A group's update policy knows OPPORTUNISTIC, which touches no VM, and PROACTIVE, which replaces
  all at once; canaries, autohealing, stateful disks and stopped VMs are kept as they are told.

What Google fills in, and which change it refuses, was read in the provider's source (6.50.0) and
in the discovery documents; where both are silent, in Google's reference.
"""

from fake_google.server import FakeGoogle, Logged
from fake_google.store import Store

__all__ = ["FakeGoogle", "Logged", "Store"]
