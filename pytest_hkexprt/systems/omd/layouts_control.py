"""The messages that both feeds share: reset, DR signal, and what recovery is asked for and answers with.

Source: HKEX OMD-C Binary Interface Specifications v1.45, sections 3.3 and 3.4; HKEX OMD-CC Interface Specification
v1.3, the same sections.
"""

from __future__ import annotations

from pytest_hkexprt.systems.omd.fields import filler, layout, text, u8, u16, u32

LAYOUTS = (
    layout(
        100,
        "SequenceReset",
        8,
        u32(4, "NewSeqNo", "always 1"),
        about="The sequence begins anew; the message's own number is not counted",
    ),
    layout(
        101, "Logon", 16, text(4, 12, "Username", "padded with NUL", pad="\0"), about="To the retransmission server"
    ),
    layout(
        102,
        "LogonResponse",
        8,
        u8(4, "SessionStatus", "0 active, 5 invalid user or address, 100 already connected"),
        filler(5, 3),
    ),
    layout(
        105,
        "DRSignal",
        8,
        u32(4, "DRStatus", "1 in progress, 2 completed"),
        about="On the DR channel, while a site fails over and from then to the end of the day",
    ),
    layout(
        201,
        "RetransmissionRequest",
        16,
        u16(4, "ChannelID"),
        filler(6, 2),
        u32(8, "BeginSeqNum"),
        u32(12, "EndSeqNum"),
    ),
    layout(
        202,
        "RetransmissionResponse",
        16,
        u16(4, "ChannelID"),
        u8(
            6,
            "RetransStatus",
            "0 accepted, 1 unknown or unauthorised channel, 2 not available, 100 range too long, 101 too many requests",
        ),
        filler(7, 1),
        u32(8, "BeginSeqNum"),
        u32(12, "EndSeqNum"),
    ),
    layout(
        203,
        "RefreshComplete",
        8,
        u32(4, "LastSeqNum", "of the real-time channel the snapshot is as of"),
        about="The end of a snapshot",
    ),
)
