"""The faults a rehearsal can switch on, each of which the suite must catch, or pass with a remark."""

from __future__ import annotations

from enum import StrEnum


class Drill(StrEnum):
    """A named fault of the simulator; :data:`DRILLS` says what each does."""

    NOTICE_ABSENT = "notice-absent"
    NOTICE_OTHER = "notice-other"
    LETS_IN = "lets-in"
    STILL_CLOSED = "still-closed"
    MAINTENANCE = "maintenance"
    SITE_DOWN = "site-down"
    SERVER_ERROR = "server-error"
    CERT_EXPIRED = "certificate-expired"
    CERT_UNKNOWN_ISSUER = "certificate-unknown-issuer"
    CERT_WRONG_NAME = "certificate-wrong-name"
    CERT_CHANGED = "certificate-changed"
    OTHER_SITE = "other-site-answers"
    WRONG_PAGE = "wrong-page"
    BLANK_PAGE = "blank-page"
    NEVER_LOADS = "never-loads"
    SCRIPT_FAILS = "script-fails"
    LEADS_AWAY = "leads-away"
    LOGON_REFUSED = "logon-refused"
    CODE_REFUSED = "code-refused"
    USER_INSIDE = "user-inside-already"
    SESSION_LOST = "session-lost"
    STAYS_LOGGED_ON = "stays-logged-on"
    ENQUIRY_EMPTY = "enquiry-empty"
    DATE_STALE = "date-stale"
    OTHER_OWNER = "other-owner"
    REPORT_ABSENT = "report-absent"
    REPORT_CUT = "report-cut"
    REPORT_CHECKSUM = "report-checksum"
    REPORT_RENAMED = "report-renamed"
    REPORT_HOSTILE = "report-hostile-name"
    POP_UP = "pop-up"
    CLINGS = "clings"
    FAILOVER_NEVER = "failover-never"
    FAILOVER_OTHER_DATA = "failover-other-data"
    FAILOVER_OTHER_REPORT = "failover-other-report"


DRILLS: dict[str, str] = {
    Drill.NOTICE_ABSENT: "after the logon to a closed terminal no message is shown",
    Drill.NOTICE_OTHER: "after the logon to a closed terminal another message is shown",
    Drill.LETS_IN: "a terminal that should be closed lets the user in",
    Drill.STILL_CLOSED: "a terminal that should be open says that the function is not available",
    Drill.MAINTENANCE: "a maintenance page stands in the place of the terminal",
    Drill.SITE_DOWN: "the site's address refuses connections",
    Drill.SERVER_ERROR: "the terminal's pages end in an error of the server",
    Drill.CERT_EXPIRED: "the site's certificate is expired",
    Drill.CERT_UNKNOWN_ISSUER: "the site's certificate is of an authority nobody knows",
    Drill.CERT_WRONG_NAME: "the site's certificate is for another name",
    Drill.CERT_CHANGED: "the site's certificate is valid and is not the pinned one",
    Drill.OTHER_SITE: "the name leads to the other data centre",
    Drill.WRONG_PAGE: "a page that is not the terminal's stands in its place",
    Drill.BLANK_PAGE: "the terminal's page is blank",
    Drill.NEVER_LOADS: "the terminal's page never stops loading",
    Drill.SCRIPT_FAILS: "a script of the terminal's page fails before anything is shown",
    Drill.LEADS_AWAY: "the terminal's page leads to another host",
    Drill.LOGON_REFUSED: "the terminal refuses user id and password",
    Drill.CODE_REFUSED: "the terminal refuses the two-factor code",
    Drill.USER_INSIDE: "the user is logged on elsewhere, and a second logon is refused",
    Drill.SESSION_LOST: "the session ends by itself after the logon",
    Drill.STAYS_LOGGED_ON: "the terminal says that one is logged off, and the session stays open",
    Drill.ENQUIRY_EMPTY: "the enquiry shows no rows",
    Drill.DATE_STALE: "the enquiry shows data of the business date before the last",
    Drill.OTHER_OWNER: "the enquiry shows another participant's data",
    Drill.REPORT_ABSENT: "the list of reports does not have the report",
    Drill.REPORT_CUT: "the report ends in the middle of a record",
    Drill.REPORT_CHECKSUM: "a digit of the report is another than its checksum was made of",
    Drill.REPORT_RENAMED: "the download comes with another name than the list's",
    Drill.REPORT_HOSTILE: "the download comes with a name that leads out of the folder",
    Drill.POP_UP: "the terminal opens a second window; it is closed, and the run passes and says so",
    Drill.CLINGS: "the terminal asks whether one really wants to leave; one does, and the run passes and says so",
    Drill.FAILOVER_NEVER: "the primary data centre goes away and the name goes on leading there",
    Drill.FAILOVER_OTHER_DATA: "after the failover the production data are others",
    Drill.FAILOVER_OTHER_REPORT: "after the failover the report is another",
}
"""Drill to what it does, in one sentence."""
CERTIFICATES = (Drill.CERT_EXPIRED, Drill.CERT_UNKNOWN_ISSUER, Drill.CERT_WRONG_NAME, Drill.CERT_CHANGED)
