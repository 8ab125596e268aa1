"""Wall time in Hong Kong: the one door to it, which a rehearsal moves.

Windows and business dates are asked of :func:`now` and of nothing else, so that freezegun moves all of them together.
Sockets never look here; they know :mod:`pytest_hkexprt.deadline`.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def now() -> dt.datetime:
    """Return the present moment in Hong Kong, aware; in a rehearsal, the rehearsed one.

    ``datetime.now`` and not ``time.time``: freezegun answers the latter with the true time below any function of an
    ignored module (a simulator's threads run below ``threading``), the former always with the rehearsed one.
    """
    return dt.datetime.now(HONG_KONG)
