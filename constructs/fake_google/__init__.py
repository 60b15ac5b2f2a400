"""
A fake Google Cloud on loopback: enough of its APIs to apply, change and destroy an environment.

OpenTofu and the Google provider run against it as they are, pointed here by environment
variables. Requests are checked against Google's own discovery documents; errors, etags,
fingerprints, generations and defaults are Google's. What is not served answers 501 and names the
method. What is served, and what it knowingly does not do, is in the README beside this file.

What Google fills in, and which change it refuses, was read in the provider's source (6.50.0) and
in the discovery documents; where both are silent, in Google's reference.

    wire       JSON, requests and answers
    errors     errors as Google tells them
    store      what is held
    discovery  Google's APIs as its own documents describe them
    filters    filters of lists and of subscriptions
    limits     limits that are the same for many things
    places     regions and zones
    checksums  the checksum of contents
    options    what whoever starts the fake says of it
    endpoints  where Google's APIs are here
    service    what a service of the fake is made of
    listing    lists, page by page
    services   the services, each of which registers itself
    faults     faults to order
    partial    parts of answers
    batch      many requests in one
    routes     the way from a request to the method that answers it
    certificates  certificates for Google's hosts
    server     HTTP on loopback
    control    the interface for tests
    google     the whole
    reference  the page of what is served
"""

from fake_google.faults import Fault
from fake_google.google import FakeGoogle, Logged
from fake_google.options import Options
from fake_google.store import Store
from fake_google.wire import Request

__all__ = ["FakeGoogle", "Fault", "Logged", "Options", "Request", "Store"]
