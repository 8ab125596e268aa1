"""The baseline: what the report folder held on a business date, kept in one file that notices being changed.

The circular asks that the number of files be unchanged from the last business date. That needs the last business
date's listing, taken then, by the same User ID; so it is kept, with where and when it was taken and under which host
key, and with a digest over all of it. It belongs to the User ID and not to the site.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path

import msgspec

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.systems.rap.report import Listing, safe

RECORD = "take one while the folder shows that date: hkexprt baseline record"


class BaselineReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One report of the baseline."""

    name: str
    """As it is shown."""
    size_bytes: int | None
    modified: str
    """ISO 8601, or empty."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the folder of one User ID held on one business date."""

    user: str
    business_date: str
    """ISO date; text, because a rehearsal's dates are not of the type that is encoded."""
    site: str
    address: str
    """``host:port`` that was dialled."""
    host_key: str
    """Fingerprint of the server it was taken from."""
    taken: str
    """ISO 8601 in Hong Kong time."""
    tool_version: str
    key: str = ""
    """Fingerprint of the key that logged in; empty, and left out of the digest, in files of before this was kept."""
    reports: tuple[BaselineReport, ...]

    @property
    def sizes_bytes(self) -> dict[str, int | None]:
        """The size of each report, by name."""
        return {report.name: report.size_bytes for report in self.reports}


class _Sealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sha256: str
    """Of the baseline's encoding without white space."""
    baseline: Baseline


def of(
    listing: Listing, *, user: str, business_date: dt.date, host_key: str, tool_version: str, key: str = ""
) -> Baseline:
    """Return the baseline a listing makes."""
    return Baseline(
        user=user,
        business_date=business_date.isoformat(),
        site=listing.endpoint.site,
        address=listing.endpoint.address,
        host_key=host_key,
        taken=listing.taken,
        tool_version=tool_version,
        key=key,
        reports=_reports(listing),
    )


def shows(before: Baseline, listing: Listing) -> bool:
    """Return whether a folder shows exactly what it showed then, times included: nothing has come since."""
    return all(report.modified for report in before.reports) and before.reports == _reports(listing)


def path_of(data: Path, user: str, business_date: str) -> Path:
    """Return where a baseline lies below the data folder."""
    return _folder_of(data, user) / f"{safe(business_date)}.json"


def dates(data: Path, user: str) -> list[dt.date]:
    """Return the business dates a User ID has baselines of, the newest first."""
    return sorted(
        (dt.date.fromisoformat(path.stem) for path in _folder_of(data, user).glob("????-??-??.json")), reverse=True
    )


def encode(baseline: Baseline) -> bytes:
    """Return the file's text: the baseline and its digest, laid out for a reader."""
    sealed = _Sealed(sha256=_digest(baseline), baseline=baseline)
    return msgspec.json.format(msgspec.json.encode(sealed)) + b"\n"


def decode(text: bytes, path: Path) -> Baseline:
    """Return the baseline of a file's text.

    Raises:
        UsageFault: it is no baseline, or was changed since it was written.
    """
    try:
        sealed = msgspec.json.decode(text, type=_Sealed)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageFault(str(path), expected="a baseline", came=str(error), next_step=RECORD) from error
    if sealed.sha256 != _digest(sealed.baseline):
        raise UsageFault(
            str(path),
            expected=f"content with the digest {sealed.sha256}",
            came=f"content with the digest {_digest(sealed.baseline)}: the file was changed after it was written",
            next_step="use the file as it was written, or " + RECORD,
        )
    return sealed.baseline


def save(baseline: Baseline, data: Path) -> Path:
    """Write a baseline in one piece, over an older one of the same date, and return where."""
    path = path_of(data, baseline.user, baseline.business_date)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        with part.open("xb") as file:
            file.write(encode(baseline))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def load(data: Path, user: str, business_date: dt.date) -> Baseline:
    """Return the baseline of a User ID and a business date.

    Raises:
        UsageFault: there is none, it was changed, or it is another User ID's or date's.
    """
    date = business_date.isoformat()
    path = path_of(data, user, date)
    try:
        baseline = decode(path.read_bytes(), path)
    except FileNotFoundError:
        others = sorted(other.stem for other in path.parent.glob("*.json"))
        raise UsageFault(
            f"rap: no baseline of {user} for {date}",
            expected=str(path),
            came=f"baselines for {', '.join(others)} only" if others else "no baseline at all",
            next_step=RECORD,
        ) from None
    except OSError as error:
        raise UsageFault(str(path), expected="a readable baseline", came=str(error), next_step=RECORD) from error
    if (baseline.user, baseline.business_date) != (user, date):
        raise UsageFault(
            str(path),
            expected=f"the baseline of {user} for {date}",
            came=f"that of {baseline.user} for {baseline.business_date}: the file was renamed or copied",
            next_step=RECORD,
        )
    return baseline


def diff(before: Baseline, after: Baseline) -> tuple[str, ...]:
    """Return a line for each name that is gone (``-``), new (``+``) or of another size (``~``), by name."""
    then, now = before.sizes_bytes, after.sizes_bytes
    lines = []
    for name in sorted(then.keys() | now.keys()):
        if name not in now:
            lines.append(f"- {name}  {_size(then[name])}")
        elif name not in then:
            lines.append(f"+ {name}  {_size(now[name])}")
        elif then[name] != now[name]:
            lines.append(f"~ {name}  {_size(then[name])}, then {_size(now[name])}")
    return tuple(lines)


def _folder_of(data: Path, user: str) -> Path:
    return data / "baselines" / "rap" / safe(user)


def _size(size_bytes: int | None) -> str:
    return "no size" if size_bytes is None else f"{size_bytes:,} bytes"


def _reports(listing: Listing) -> tuple[BaselineReport, ...]:
    return tuple(
        BaselineReport(name=report.name, size_bytes=report.size_bytes, modified=report.modified_iso)
        for report in listing.reports
    )


def _digest(baseline: Baseline) -> str:
    return hashlib.sha256(msgspec.json.encode(baseline)).hexdigest()
