"""The participant's side of a trading gateway: find it, log on, ask, wait, log out.

Each verb writes what was said as evidence, waits as long as the documents say and no longer, and fails with an error
that says who is at fault. What may not be sent is refused before a byte leaves (:mod:`permission`).

Source: OCG-C Binary v2.2 and FIX v2.2, 3.3 to 5.3; CCCG v1.3, the same.
"""

from __future__ import annotations

from types import TracebackType

from pytest_hkexprt.errors import LocalProtocolError
from pytest_hkexprt.systems.otp import password as passwords
from pytest_hkexprt.systems.otp.client_link import Credentials, Link, utc_now
from pytest_hkexprt.systems.otp.client_wire import Wire
from pytest_hkexprt.systems.otp.facts import Found, Logon, Logout
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.password import Password
from pytest_hkexprt.systems.otp.session_events import LoggedOut
from pytest_hkexprt.systems.otp.words import SessionStatus

LOGON_TRIES = 2
"""How often a logon nobody replies to is tried."""


class Client(Link):
    """One Comp ID at one trading system; see :class:`Link` for what it is made of."""

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drop()

    # ------------------------------------------------------------------ finding, logging on

    def look_up(self) -> Found:
        """Return the gateways, asked of the lookup services, or the pool; see :meth:`Finder.look`."""
        return self.finder.look()

    def logon(self) -> Logon:
        """Dial a gateway and log on; a gateway that asks for another password gets it, where there is one.

        Returns:
            How it was answered; whether that is a grant is for a check to judge.

        Raises:
            Unreachable: nobody answered.
            RemoteProtocolError: the lookup was rejected, or the gateway broke the protocol.
        """
        if self.connected:
            raise LocalProtocolError(f"{self.where}: logon", expected="no session", came="one that is open")
        logon = self._logon(new_password=None)
        if logon.status == SessionStatus.PASSWORD_CHANGE_REQUIRED and self.credentials.new_password is not None:
            self._pause(self.codec.profile.waits.reconnect_s, "a logon with a new password")
            logon = self._logon(new_password=self.credentials.new_password)
        return logon

    def reconnect(self) -> Logon:
        """Wait as prescribed after a connection that was lost, and log on again by the documented path."""
        self.drop()
        self._pause(self.codec.profile.waits.reconnect_s, "reconnecting")
        return self.logon()

    def logout(self) -> Logout:
        """Log out, wait for the answer, and close the line; an answer that never comes is a result.

        Raises:
            LocalProtocolError: there is no session.
        """
        wire, began_s = self._open_wire("logout"), self.wires.now_s()
        self._logout = None
        self._send(Message(Kind.LOGOUT))
        wait_s = self.codec.profile.waits.logout_reply_s
        self.wires.serve(lambda: wire.ended is not None, wait_s + 1)
        answer: LoggedOut | None = self._logout
        answered = answer is not None and answer.answered_ours
        if answered:
            self.wires.serve(lambda: wire.line_ended, wait_s)
        theirs = wire.line_ended
        self.drop()
        status = answer.message.get("SessionStatus") if answer else None
        logout = Logout(
            endpoint=self._at,
            answered=answered,
            their_side_closed=theirs,
            our_side_closed=wire.socket.fileno() == -1,
            waited_s=self.wires.now_s() - began_s,
            status=int(status) if isinstance(status, int) else None,
            text=answer.message.text("Text") if answer else "",
        )
        self.journal.exchange(
            self._at,
            "logged out" if answered else "logged out, and nobody answered",
            self._numbers() | ({"round trips": str(self.round_trips)} if self._times_s else {}),
        )
        return logout

    def _logon(self, new_password: Password | None) -> Logon:
        waits = self.codec.profile.waits
        for number in range(LOGON_TRIES):
            if number:
                self._pause(waits.logon_retry_s, "the logon is tried again")
            logon = self._logon_once(new_password)
            if logon.status is not None or not logon.text.startswith("no reply"):
                break
        return logon

    def _logon_once(self, new_password: Password | None) -> Logon:
        line, endpoint, tries = self.finder.dial(again=self._was_connected)
        self._at, self._answer, self._was_connected = endpoint, None, True
        session = self._session(endpoint)
        self._wire = Wire(line.socket, endpoint, session, self._happened, self.kept.save)
        self.wires.add(self._wire)
        refused_before = self.kept.day.next_out
        self._send(self._logon_message(new_password))
        wire = self._wire
        self.wires.serve(lambda: self._answer is not None or wire.ended is not None, self._patience_s)
        answer, ended = self._answer, wire.ended
        granted = answer is not None and answer.kind is Kind.LOGON
        if not granted:
            self.drop()
            if ended is not None and ended.fault is not None and answer is None and "no reply" not in ended.reason:
                self._blame(ended)
        status = answer.get("SessionStatus") if answer else None
        indicator = answer.get("TestMessageIndicator") if answer else None
        logon = Logon(
            endpoint=endpoint,
            comp_id=self.credentials.comp_id,
            status=int(status) if isinstance(status, int) else (0 if granted else None),
            text=answer.text("Text") if answer else (ended.reason if ended else "no reply"),
            test=bool(indicator) if indicator is not None else None,
            granted=granted,
            tries=tries,
            next_out=refused_before,
            next_in=self.kept.day.next_in,
            changed_password=new_password is not None and status == SessionStatus.PASSWORD_CHANGED,
        )
        self.journal.exchange(endpoint, f"logon: {logon.told}", {"Comp ID": logon.comp_id} | self._numbers())
        self.kept.save()
        return logon

    def _logon_message(self, new_password: Password | None) -> Message:
        profile, protocol = self.codec.profile, self.codec.protocol
        key, utc = self.credentials.public_key, utc_now()

        def encrypted(password: Password) -> str:
            return passwords.encrypted(password, key, profile, protocol, utc)

        return Message.of(
            Kind.LOGON,
            EncryptedPassword=encrypted(self.credentials.password),
            EncryptedNewPassword=encrypted(new_password) if new_password is not None else None,
        )


__all__ = ["Client", "Credentials"]
