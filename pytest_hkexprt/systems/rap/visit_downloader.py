"""The participant's own downloader before each session and after the last, as the steps tell it.

A rehearsal does not ask anybody to switch production: what stands in the files before a rehearsed session is noted and
not judged. After the last session production must be where it belongs at any time, so that is checked in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pytest_hkexprt.evidence.journal import Journal
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import downloader


class DownloaderVisit:
    """A look at the downloader's configuration files.

    Args:
        files: the files; none where the participant names none.
        journal: where the checks go.
        sites: the addresses of each site.
        omit: ends the scenario with the reason why there is nothing to check.
    """

    def __init__(
        self,
        files: Sequence[Path],
        journal: Journal,
        *,
        sites: Mapping[Site, Sequence[Endpoint]],
        omit: Callable[[str], object],
    ) -> None:
        self._files = tuple(files)
        self._journal = journal
        self._sites = sites
        self._omit = omit

    def look_before(self, site: Site) -> None:
        """Check that the files hold the addresses of the session's site; in a rehearsal, note what they hold.

        Raises:
            UsageFault: a file cannot be read.
        """
        if not self._files:
            return
        check = downloader.check(self._files, downloader.mentions(self._files, self._sites), site)
        if self._journal.rehearsal:
            found = "; ".join(check.details)
            self._journal.notice(f"the downloader's configuration, not judged in a rehearsal: {found}")
        else:
            self._journal.check(check)

    def check_production(self) -> None:
        """Check that the files hold the primary addresses, and none of the other site's.

        Raises:
            UsageFault: a file cannot be read.
        """
        if not self._files:
            self._omit("hkexprt.toml names no file of the participant's own downloader: [rap.downloader] files")
        found = downloader.mentions(self._files, self._sites)
        self._journal.check(downloader.check(self._files, found, Site.PRIMARY))
