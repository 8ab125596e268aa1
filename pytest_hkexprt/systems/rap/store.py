"""A download on its way to the disk: under its final name it is whole, or it is not there.

The temporary file is made anew, by its owner only, and never through a link; it is synchronised before it is renamed,
and removed when anything goes wrong. A copy of an earlier day is replaced only by a whole one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
BINARY = getattr(os, "O_BINARY", 0)


def keep(folder: Path, name: str, chunks: Iterable[bytes]) -> tuple[Path, int, str]:
    """Write the chunks to ``folder/name`` in one piece and return the path, the bytes and their SHA-256.

    Args:
        folder: where; made when missing, for its owner only.
        name: a safe local name.
        chunks: the content; an exception it raises leaves nothing behind.

    Raises:
        OSError: the disk is full, or may not be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    part, final = folder / f".{name}.{os.urandom(4).hex()}.part", folder / name
    digest, size_bytes = hashlib.sha256(), 0
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | BINARY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size_bytes += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(final)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(folder)
    return final, size_bytes, digest.hexdigest()


def _sync(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
