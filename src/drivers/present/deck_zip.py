"""The file of a deck: the same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile

from drivers.present.deck_workbook import STAMP


def same_bytes(archive: bytes) -> bytes:
    """The same members in the same order, all of one date."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, date_time=STAMP.timetuple()[:6])
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(member, old.read(name))
    return made.getvalue()
