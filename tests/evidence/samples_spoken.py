"""Journals made up for what is said and shown at length: hundreds of messages of many fields, and kept pictures."""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from pathlib import Path

from pytest_hkexprt.evidence.journal import ATTACHMENTS
from pytest_hkexprt.evidence.record import AttachmentRecord, OutcomeRecord, PlannedStep, ScenarioRecord, StepRecord
from pytest_hkexprt.model import Outcome
from tests.evidence import samples

GATEWAY = "otp/secondary 127.8.21.51:9080 (for 10.8.21.51:9080)"
FIELDS = (
    "BeginString", "BodyLength", "MsgType", "SenderCompID", "TargetCompID", "MsgSeqNum", "SendingTime", "ClOrdID",
    "OrderID", "ExecID", "ExecType", "OrdStatus", "SecurityID", "SecurityIDSource", "SecurityExchange", "Side",
    "OrderQty", "OrdType", "Price", "TimeInForce", "LeavesQty", "CumQty", "LastQty", "LastPx", "AvgPx",
    "TransactTime", "PartyID", "PartyIDSource", "PartyRole", "CheckSum",
)  # fmt: skip
"""Thirty, as an execution report has them."""
SVG = b"""<?xml version="1.0"?>
<!-- packets against time -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 120" onload="document.title='pwned'">
<script>document.title = "pwned"</script>
<image href="http://evil.example/x.png" width="9" height="9"/>
<rect width="640" height="120" fill="#e8ecf1"/>
<path d="M0 110L300 20L640 90" fill="none" stroke="#1d4f9e" stroke-width="4"/>
</svg>
"""
"""A drawing that would also like to run, and to ask another host."""
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////"
    "////wAALCAACAAMBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q=="
)
"""Three pixels wide and two high."""


def png(width: int, height: int) -> bytes:
    """A picture of one grey."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + bytes([200]) * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def message(number: int) -> dict[str, str]:
    """The fields of one message."""
    return {name: f"{name[:3]}{number}" for name in FIELDS} | {"MsgType": "8 ExecutionReport", "MsgSeqNum": str(number)}


def keep(folder: Path, name: str, content: bytes) -> AttachmentRecord:
    """Keep a file as a journal keeps it."""
    digest = hashlib.sha256(content).hexdigest()
    stored = f"{ATTACHMENTS}/{digest}{name[name.rindex('.') :]}"
    folder.joinpath(ATTACHMENTS).mkdir(exist_ok=True)
    folder.joinpath(stored).write_bytes(content)
    modified = "2023-04-15T14:30:02+08:00"
    return AttachmentRecord(name=name, size_bytes=len(content), sha256=digest, modified=modified, stored=stored)


def begun(path: Path, *texts: str) -> samples.Writer:
    """A run of one scenario with these steps, begun."""
    write = samples.Writer(path)
    write(samples.run_record())
    write(samples.session_record())
    write(
        ScenarioRecord(
            id="features/otp.feature::A day is traded",
            name="A day is traded",
            feature="Trading",
            file="features/otp.feature",
            line=3,
            session="Session 1",
            clauses=("login",),
            steps=tuple(PlannedStep(keyword="When", text=text, line=4 + at) for at, text in enumerate(texts)),
        )
    )
    return write


def ended(write: samples.Writer) -> None:
    """The scenario and the run, ended well."""
    identity = "features/otp.feature::A day is traded"
    write(OutcomeRecord(id=identity, outcome=Outcome.PASSED, duration_s=0.7, checks=1))
    samples.end(write, passed=1)


def spoken(path: Path, messages: int = 300) -> None:
    """A step of so many messages of thirty fields, after one of a few lines."""
    write = begun(path, "the participant logs on", "the participant trades")
    write(samples.exchange(GATEWAY, "connected", local="127.0.0.1:40112"))
    write(samples.exchange(GATEWAY, "sent Logon", **{name: name.lower() for name in FIELDS}), 0.003)
    write(StepRecord(index=0, outcome=Outcome.PASSED, duration_s=0.2))
    for number in range(messages):
        direction, what = ("sent", "NewOrderSingle") if number % 2 else ("received", "ExecutionReport")
        write(samples.exchange(GATEWAY, f"{direction} {what} {number}", **message(number)), 0.0015)
    write(samples.Check(what="orders", where=GATEWAY, expected=str(messages), came=str(messages), met=True))
    write(StepRecord(index=1, outcome=Outcome.PASSED, duration_s=0.5))
    ended(write)


def pictured(path: Path) -> None:
    """Steps that kept a screenshot, the same one again, a drawing, a photograph, a text and a confidential report."""
    kept = (
        ("logon page.png", png(1280, 800)), ("logon page again.png", png(1280, 800)), ("packets.svg", SVG),
        ("device.jpeg", JPEG), ("console.txt", b"no error <b>\n"),
    )  # fmt: skip
    write = begun(path, *(f"{name} is kept" for name, _ in kept), "a report is downloaded")
    for index, (name, content) in enumerate(kept):
        write(keep(path.parent, name, content))
        write(StepRecord(index=index, outcome=Outcome.PASSED, duration_s=0.2))
    write(AttachmentRecord(name="TP001.png", size_bytes=9, sha256="0" * 64))
    write(StepRecord(index=len(kept), outcome=Outcome.PASSED, duration_s=0.2))
    ended(write)
