"""What the evidence keeps of a visit beside what was said: how it failed, and what a confidential report was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pytest_hkexprt.errors import HkexprtError
from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.evidence.record import AttachmentRecord
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems.rap.facts import Download
from pytest_hkexprt.systems.rap.report import visible


@contextmanager
def noted(journal: Journal, endpoint: Callable[[], Endpoint], what: str) -> Iterator[None]:
    """Put whatever goes wrong with something into the evidence, before it is raised."""
    try:
        yield
    except HkexprtError as error:
        facts = {"where": error.where, "expected": error.expected, "came": error.came}
        journal.exchange(endpoint(), f"{what} failed", facts)
        raise
    except BaseException as error:
        journal.exchange(endpoint(), f"{what} interrupted", {"came": visible(repr(error))})
        raise


def attachment(download: Download) -> AttachmentRecord:
    """Return what the evidence keeps of a confidential report."""
    report, size_bytes, sha256 = download.report, download.size_bytes, download.sha256
    return AttachmentRecord(name=report.name, size_bytes=size_bytes, sha256=sha256, modified=report.modified_iso)
