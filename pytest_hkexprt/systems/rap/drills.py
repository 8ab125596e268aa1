"""The faults a rehearsal can switch on, each of which the suite must catch (one must pass, and say so)."""

from __future__ import annotations

from enum import StrEnum


class Drill(StrEnum):
    """A named fault of the simulator; :data:`DRILLS` says what each does."""

    REPORT_MISSING = "report-missing"
    REPORT_EXTRA = "report-extra"
    REPORT_RENAMED = "report-renamed"
    TP002_ABSENT = "tp002-absent"
    DOWNLOAD_CUT = "download-cut"
    WRONG_HOST_KEY = "wrong-host-key"
    UNKNOWN_USER = "unknown-user"
    WRONG_KEY = "wrong-key"
    FIRST_ADDRESS_REFUSED = "first-address-refused"
    BOTH_REFUSED = "both-refused"
    FOLDER_DENIED = "folder-denied"
    OTHER_SITE_ANSWERS = "other-site-answers"
    NEVER_CLOSES = "never-closes"
    SITES_DIFFER = "sites-differ"
    KEY_RENEWED = "key-renewed"
    EVENING_LOST = "evening-lost"
    FOLDER_STALE = "folder-stale"


DRILLS: dict[str, str] = {
    Drill.REPORT_MISSING: "one report of the last business date is gone from the folder",
    Drill.REPORT_EXTRA: "the folder holds one report more than on the last business date",
    Drill.REPORT_RENAMED: "as many reports as before, but one under another name",
    Drill.TP002_ABSENT: "the folder never held TP002, on the last business date neither",
    Drill.DOWNLOAD_CUT: "a download ends before the size its listing gave",
    Drill.WRONG_HOST_KEY: "the server shows a host key nobody pinned",
    Drill.UNKNOWN_USER: "the server does not know the User ID",
    Drill.WRONG_KEY: "the server has another key on file for the User ID",
    Drill.FIRST_ADDRESS_REFUSED: "the first address refuses, the second answers; the run passes and says so",
    Drill.BOTH_REFUSED: "every address of the site refuses connections",
    Drill.FOLDER_DENIED: "the login is granted, the folder is not",
    Drill.OTHER_SITE_ANSWERS: "the other site's server answers at this site's addresses",
    Drill.NEVER_CLOSES: "the server keeps its side of the connection open after the logout",
    Drill.SITES_DIFFER: "one report has another size at the primary site than at the secondary",
    Drill.KEY_RENEWED: "the participant logs in with a new key, and the server takes it",
    Drill.EVENING_LOST: "on Wednesdays the server hangs up on everybody, so that those dates get no back-up",
    Drill.FOLDER_STALE: "the folder goes on showing the reports of the last business date before",
}
"""Drill to what it does, in one sentence."""

ALWAYS = frozenset({Drill.TP002_ABSENT})
"""Faults that are there on the baseline's visit too; the others begin with the session."""
