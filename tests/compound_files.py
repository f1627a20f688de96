"""Compound files (OLE2), the container in which Excel keeps workbooks of before 2007 and encrypted ones.

Written by hand after [MS-CFB] 2: a header of 512 bytes, the table of sectors, the directory, and the streams, each
filled up to 4096 bytes, below which a stream would have to stand in the small sectors of another.
"""

from __future__ import annotations

from collections.abc import Mapping

SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST = 4096

AGILE_ENCRYPTION = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"><keyData saltSize="16" blockSize="16"
 keyBits="256" hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512"
 saltValue="AAAAAAAAAAAAAAAAAAAAAA=="/></encryption>"""
"""What a workbook says of its agile encryption, [MS-OFFCRYPTO] 2.3.4.10."""


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams in its root."""
    contents = [content.ljust(_SMALLEST, b"\0") for content in streams.values()]
    contents = [content + bytes(-len(content) % SECTOR) for content in contents]
    directory_sectors = (len(streams) + 1 + 3) // 4
    table = [_TABLE, *_chain(1, directory_sectors)]
    starts = []
    for content in contents:
        starts.append(len(table))
        table += _chain(len(table), len(content) // SECTOR)
    assert len(table) <= SECTOR // 4, "one sector must hold the table"
    sectors = b"".join(entry.to_bytes(4, "little") for entry in table).ljust(SECTOR, b"\xff")
    sizes = [max(len(content), _SMALLEST) for content in streams.values()]
    entries = [_entry("Root Entry", 5, child=1 if streams else _FREE)]
    for place, (name, start, size) in enumerate(zip(streams, starts, sizes, strict=True), start=1):
        right = place + 1 if place < len(streams) else _FREE
        entries.append(_entry(name, 2, start=start, size=size, right=right))
    return _header() + sectors + b"".join(entries).ljust(directory_sectors * SECTOR, b"\0") + b"".join(contents)


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END]


def _header() -> bytes:
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += b"".join(n.to_bytes(2, "little") for n in (0x3E, 3, 0xFFFE, 9, 6)) + bytes(6)
    numbers = [0, 1, 1, 0, _SMALLEST, _END, 0, _END, 0, 0]  # directory at sector 1, the table of sectors at 0
    return head + b"".join(n.to_bytes(4, "little") for n in numbers) + b"\xff" * (SECTOR - 76 - 4)


def _entry(name: str, kind: int, *, start: int = _END, size: int = 0, child: int = _FREE, right: int = _FREE) -> bytes:
    title = (name + "\0").encode("utf-16-le")
    head = title.ljust(64, b"\0") + len(title).to_bytes(2, "little") + bytes([kind, 1])
    links = b"".join(n.to_bytes(4, "little") for n in (_FREE, right, child))
    return head + links + bytes(36) + start.to_bytes(4, "little") + size.to_bytes(8, "little")
