"""A download taken from the browser's folder into the participant's: under its final name it is whole, or not there.

Source: rename(2) for the atomic replacement.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.ccass.text import safe_name

BLOCK_BYTES = 1 << 20
RANDOM_BYTES = 4
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
BINARY = getattr(os, "O_BINARY", 0)


def keep(came: Path, folder: Path, name: str) -> tuple[Path, int, str]:
    """Copy what came into a folder, for its owner only, and return where it lies, its size and its SHA-256.

    Args:
        came: the browser's own file.
        folder: made when missing.
        name: as listed; made safe first.

    Raises:
        UsageFault: the disk does not take it.
    """
    final = folder / safe_name(name)
    part = folder / f".{final.name}.{os.urandom(RANDOM_BYTES).hex()}.part"
    digest, size_bytes = hashlib.sha256(), 0
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | BINARY, 0o600)
        try:
            with came.open("rb") as source, os.fdopen(target, "wb") as file:
                while block := source.read(BLOCK_BYTES):
                    file.write(block)
                    digest.update(block)
                    size_bytes += len(block)
                file.flush()
                os.fsync(file.fileno())
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UsageFault(
            str(final),
            expected="a disk that takes the download",
            came=error.strerror or str(error),
            next_step="make room, or choose another data folder that may be written",
        ) from error
    return final, size_bytes, digest.hexdigest()
