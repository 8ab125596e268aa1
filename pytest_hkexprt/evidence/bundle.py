"""A run's folder as one zip file, for attaching to a ticket.

The same folder gives the same bytes: names are sorted, times and rights are constant, and nothing of this machine is
in it. The times of the run are in the journal, where they are covered by its digests.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

from pytest_hkexprt.evidence import manifest

ENDING = "-evidence.zip"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest moment a zip file can name."""
RIGHTS = 0o100644 << 16
"""A plain file that its owner may write and everybody may read, where zip keeps it."""
UNIX = 3
"""The system the rights above are those of."""


def write(folder: Path) -> Path:
    """Write the zip file of a run's folder beside it, and return its path."""
    path = folder.with_name(f"{folder.name}{ENDING}")
    unfinished = path.with_name(f"{path.name}.part")
    names = [*manifest.files(folder), *(name for name in (manifest.MANIFEST, manifest.SIGNATURE))]
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for name in sorted(names):
            if (folder / name).is_file():
                entry = zipfile.ZipInfo(f"{folder.name}/{name}", EPOCH)
                entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, UNIX, RIGHTS
                with (folder / name).open("rb") as source, bundle.open(entry, "w") as target:
                    shutil.copyfileobj(source, target)
    os.replace(unfinished, path)  # noqa: PTH105  in one step, on Windows too
    return path
