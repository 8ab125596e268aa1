"""Wireshark's FIX dissector, which knows nothing of ours, reading what we wrote."""

from __future__ import annotations

import json
import struct
import subprocess
from collections import defaultdict
from pathlib import Path

PORT = 9878
PCAP_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101)
"""Of a file of packets without a link layer (LINKTYPE_RAW)."""
LONGEST_S = 120


def dissected(messages: list[bytes], folder: Path) -> list[dict[str, list[str]]]:
    """Return each message's values by the dissector's own names, or by tag where it has none.

    Two names are the dissector's verdict on the checksum: ``checksum_good`` and ``checksum_bad``.
    """
    capture = folder / "fix.pcap"
    capture.write_bytes(PCAP_HEADER + b"".join(_packets(messages)))
    printed = subprocess.run(
        ["tshark", "-r", capture, "-d", f"tcp.port=={PORT},fix", "-J", "fix", "-T", "json", "--no-duplicate-keys"],
        capture_output=True,
        check=True,
        timeout=LONGEST_S,
    ).stdout
    return [_values(packet["_source"]["layers"]["fix"]) for packet in json.loads(printed)]


def _packets(messages: list[bytes]) -> list[bytes]:
    """Return one TCP segment a message, of one connection, as a file of packets has them."""
    found, number = [], 1
    for message in messages:
        tcp = struct.pack(">HHIIBBHHH", 40000, PORT, number, 1, 5 << 4, 0x18, 65535, 0, 0) + message
        ends = bytes([127, 0, 0, 1, 127, 0, 0, 2])
        packet = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + ends + tcp
        found.append(struct.pack("<IIII", 0, 0, len(packet), len(packet)) + packet)
        number += len(message)
    return found


def _values(layer: dict[str, object]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)

    def take(name: str, value: object) -> None:
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, dict):
                found[name.removeprefix("fix.")].append(str(each))
            elif "fix.field.tag" in each:
                found[each["fix.field.tag"]].append(each["fix.field.value"])
            else:
                for inner, text in each.items():
                    take(inner, text)

    for name, value in layer.items():
        take(name, value)
    return dict(found)
