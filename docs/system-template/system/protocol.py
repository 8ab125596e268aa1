"""What is said on the wire: bytes to values and back, without a socket or a clock.

Source: document, version, section.
"""

from __future__ import annotations


def request(word: str) -> bytes:
    """Return the bytes of a request."""
    raise NotImplementedError("write the layout, and golden bytes from the published one in its test")


def answer(data: bytes) -> str:
    """Return what an answer says.

    Raises:
        RemoteProtocolError: it is not an answer.
    """
    raise NotImplementedError("write the layout, and golden bytes from the published one in its test")
