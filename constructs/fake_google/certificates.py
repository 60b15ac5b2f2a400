"""Certificates for the hosts of Google that programs are led to this server for."""

import functools
import ssl
import tempfile
import threading
from pathlib import Path

import trustme

_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep the authorities that they trust, as programs in Go look for them."""


class Certificates:
    """An authority of this server's own, in a folder that goes with it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fake-google-")
        self._authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self._lock = threading.Lock()
        self.file = Path(self._folder.name) / "roots.pem"
        """The authorities that the machine trusts, and this one."""
        places = (ssl.get_default_verify_paths().cafile, *_ROOTS)
        system = next((place for place in places if place and Path(place).is_file()), None)
        roots = Path(system).read_bytes() if system else b""
        self.file.write_bytes(roots + self._authority.cert_pem.bytes())

    def context(self, host: str) -> ssl.SSLContext:
        """What a server needs to be taken for *host*."""
        with self._lock:
            return self._context(host)

    @functools.lru_cache(maxsize=256)  # noqa: B019 - lives as long as the server
    def _context(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = self._authority.issue_cert(host, key_type=trustme.KeyType.ECDSA)
        certificate.configure_cert(context)
        return context

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()
