"""The checksum that Google keeps of contents, which Python has none of."""

import base64


def _table() -> tuple[int, ...]:
    entries = []
    for entry in range(256):
        value = entry
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        entries.append(value)
    return tuple(entries)


_CRC32C = _table()


def crc32c(data: bytes) -> int:
    """The Castagnoli CRC of *data*."""
    value = 0xFFFFFFFF
    for byte in data:
        value = value >> 8 ^ _CRC32C[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF


def crc32c_text(data: bytes) -> str:
    """The CRC32C of data, as Cloud Storage writes it."""
    return base64.b64encode(crc32c(data).to_bytes(4, "big")).decode()
