"""SSH packets taken in bulk: all that has come is received at once, and a channel's data goes on as one message.

OpenSSH sends a file in packets of 32 KiB, however large they may be, and paramiko takes each by itself: two reads, four
copies, a message, and a hand-over from one thread to the other, for which both want Python's lock. That is most of a
large file's time. Here data is received into one buffer, each packet is decrypted from where it lies there, and what
has come goes on together, uncopied. And where it is known that so and so much must still come before anybody can do
anything with it, the system wakes nobody up until it has: a few hundred times for a large file, not several thousand.

paramiko takes a packetizer of one's own; what it calls on it is not documented. So this one is used only where that is
what it is known to be, and only for AES-GCM: every other cipher, and the greeting, stay with paramiko's own code.

Source: RFC 4253, sections 6 (packets) and 9 (rekeying); RFC 4254, section 5.2 (data); RFC 5647, section 7 (AES-GCM);
socket(7), SO_RCVLOWAT.
"""

from __future__ import annotations

import inspect
import socket
import struct
import sys
from collections.abc import Callable, Sized
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pytest_hkexprt.systems.transport_ssh import paramiko

BUFFER_BYTES = 2**20
"""What is received at once, at most."""
LENGTH, TAG_BYTES, BLOCK_BYTES = struct.Struct(">I"), 16, 16
MOST_BYTES = BUFFER_BYTES - LENGTH.size - TAG_BYTES
"""The longest packet taken; OpenSSH takes none of more than a quarter of that."""
DATA = 94
HEAD = struct.Struct(">BB4sI")
"""What precedes a channel's data in a packet: the padding's length, the kind, the channel, and how much it is."""
WORTH_WAITING_BYTES = 32 * 1024
"""Where less is missing, whatever comes is taken as it comes."""
CALLED = {"block_engine", "block_size", "mac_engine", "mac_size", "mac_key", "aead", "iv_in"}
USED = {"read_message", "reset_seqno_in", "need_rekey", "_trigger_rekey", "closed", "REKEY_BYTES", "REKEY_PACKETS"}


def known() -> bool:
    """Return whether paramiko is what this builds upon."""
    made_with = inspect.signature(paramiko.Transport.__init__).parameters
    called_with = inspect.signature(paramiko.Packetizer.set_inbound_cipher).parameters
    there = "packetizer_class" in made_with and called_with.keys() >= CALLED
    return there and set(dir(paramiko.Packetizer)) >= USED


class Data(paramiko.Message):  # type: ignore[misc]  # paramiko has no types
    """Data of a channel: a message whose text is not copied when it is asked for."""

    def __init__(self, channel: bytes, data: Sized) -> None:
        super().__init__(channel)
        self._data = data

    def get_binary(self) -> Sized:
        """Return the data."""
        return self._data


class Packetizer(paramiko.Packetizer):  # type: ignore[misc]  # as above
    """What turns a connection's bytes into messages, and messages into bytes."""

    def __init__(self, connected: socket.socket) -> None:
        super().__init__(connected)
        self._socket = connected
        self._cipher: AESGCM | None = None
        self._fixed, self._invocation = b"", 0
        """The nonce: four bytes that stay, and a number that counts."""
        self._buffer = bytearray(BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._start = self._end = 0
        """Where in the buffer what has come begins and ends."""
        self._ahead: bytes | None = None
        """A packet that was decrypted while data was gathered, and is none."""
        self._number = 0
        self._came_bytes = self._came_packets = 0
        """With the keys of now."""
        self._missing_bytes = 0
        self._woken_at = 1
        self.hand_on: Callable[[list[memoryview]], Sized] = b"".join
        """Makes of data in several parts what the channel's buffer takes."""

    def set_inbound_cipher(self, **cipher: Any) -> None:  # noqa: ANN401  paramiko has no types
        """Take the keys for what comes from now on."""
        super().set_inbound_cipher(**cipher)
        engine = cipher["block_engine"] if cipher.get("aead") else None
        if self._cipher is not None and not isinstance(engine, AESGCM):  # paramiko's own has not counted along
            raise paramiko.SSHException("other keys were agreed on, for another kind of cipher")
        if isinstance(engine, AESGCM):
            self._cipher, nonce = engine, cipher["iv_in"]
            self._fixed, self._invocation = nonce[:4], int.from_bytes(nonce[4:], "big")
        self._came_bytes = self._came_packets = 0

    def reset_seqno_in(self) -> None:
        """Count what comes from nought again."""
        super().reset_seqno_in()
        self._number = 0

    def missing(self, size_bytes: int) -> None:
        """Take note of how many bytes of a channel's data must still come before anybody can do anything with it."""
        self._missing_bytes = size_bytes

    def read_message(self) -> tuple[int, Any]:
        """Return the next message's kind and itself; all data that has come for one channel is one message.

        Raises:
            SSHException: what came is no packet, or not from who has the keys.
            EOFError: the connection ended.
        """
        if self._cipher is None:
            found: tuple[int, Any] = super().read_message()
            return found
        plain, self._ahead = self._ahead or self._packet(), None
        if plain[1] == DATA:
            return DATA, self._data(plain)
        message = paramiko.Message(plain[2 : len(plain) - plain[0]])
        message.seqno = self._number
        return plain[1], message

    def _packet(self) -> bytes:
        """Return the next packet, decrypted: the padding's length, the kind, the rest, the padding."""
        self._receive(LENGTH.size)
        size_bytes = self._size()
        self._receive(size_bytes)
        return self._open(size_bytes)

    def _open(self, size_bytes: int) -> bytes:
        assert self._cipher is not None
        length_end, end = self._start + LENGTH.size, self._start + size_bytes
        nonce = self._fixed + self._invocation.to_bytes(8, "big")
        try:
            plain = self._cipher.decrypt(nonce, self._view[length_end:end], self._view[self._start : length_end])
        except InvalidTag as error:
            raise paramiko.SSHException("a packet that was changed on its way") from error
        self._count(size_bytes)
        self._start = end
        return plain

    def _data(self, plain: bytes) -> Data:
        """Return the data of a packet and of those that have come behind it."""
        channel, parts = plain[2:6], [_content(plain)]
        while size_bytes := self._whole():
            plain = self._open(size_bytes)
            if plain[1] != DATA or plain[2:6] != channel:
                self._ahead = plain
                break
            parts.append(_content(plain))
        return Data(channel, self.hand_on(parts))

    def _whole(self) -> int:
        """Return how long the next packet is, if all of it has come; else 0."""
        came = self._end - self._start
        return size_bytes if came >= LENGTH.size and came >= (size_bytes := self._size()) else 0

    def _size(self) -> int:
        """Return how long the next packet is, with its length and its tag."""
        size_bytes = int(LENGTH.unpack_from(self._buffer, self._start)[0])
        if size_bytes % BLOCK_BYTES or not BLOCK_BYTES <= size_bytes <= MOST_BYTES:
            raise paramiko.SSHException(f"a packet of {size_bytes:,} bytes")
        return LENGTH.size + size_bytes + TAG_BYTES

    def _count(self, size_bytes: int) -> None:
        self._invocation = (self._invocation + 1) % 2**64
        self._number = (self._number + 1) % 2**32
        self._came_bytes += size_bytes
        self._came_packets += 1
        if self._came_bytes < self.REKEY_BYTES and self._came_packets < self.REKEY_PACKETS:
            return
        if not self.need_rekey():
            self._trigger_rekey()
            self._came_bytes = self._came_packets = 0
            return
        raise paramiko.SSHException("other keys were asked for, and the server goes on with the old ones")

    def _receive(self, needed_bytes: int) -> None:
        """Have at least so much in the buffer."""
        if self._end - self._start >= needed_bytes:
            return
        if self._start == self._end or BUFFER_BYTES - self._start < needed_bytes + BUFFER_BYTES // 2:
            rest = bytes(self._view[self._start : self._end])
            self._start, self._end = 0, len(rest)
            self._buffer[: len(rest)] = rest
        while (came := self._end - self._start) < needed_bytes:
            self._wake_at(min(max(needed_bytes, self._missing_bytes) - came, BUFFER_BYTES - self._end))
            try:
                more = self._socket.recv_into(self._view[self._end :])
            except TimeoutError:
                if self.closed or self.handshake_timed_out():
                    raise EOFError from None
                # On a slow line what has come is better than all that comes; and while keys are made, no more comes.
                self._missing_bytes = 0
                self._wake_at(1)
                if not came and self.need_rekey():
                    raise paramiko.packet.NeedRekeyException from None
                continue
            except OSError:
                if self.closed:
                    raise EOFError from None
                raise
            if not more:
                raise EOFError
            self._end += more

    def _wake_at(self, size_bytes: int) -> None:
        """Be woken up when so much has come, or the connection has ended, or it takes too long."""
        size_bytes = size_bytes if size_bytes > WORTH_WAITING_BYTES else 1
        if size_bytes != self._woken_at and sys.platform == "linux":  # elsewhere it is not known to be heeded
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, size_bytes)
            self._woken_at = size_bytes


def _content(plain: bytes) -> memoryview:
    padding_bytes, _, _, data_bytes = HEAD.unpack_from(plain)
    if HEAD.size + data_bytes + padding_bytes != len(plain):
        raise paramiko.SSHException(f"{data_bytes:,} bytes of data announced in a packet of {len(plain):,}")
    return memoryview(plain)[HEAD.size : HEAD.size + data_bytes]
