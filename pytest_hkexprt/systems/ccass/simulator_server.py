"""A site's HTTPS server: one thread that accepts, one a connection, gone when it stops.

HTTP is the standard library's; what a page says is asked of whoever made the server.

Source: RFC 9110 and 9112 for HTTP; RFC 6265 for cookies.
"""

from __future__ import annotations

import contextlib
import http.server
import selectors
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pytest_hkexprt.deadline import Deadline
from pytest_hkexprt.model import Endpoint
from pytest_hkexprt.systems import transport
from pytest_hkexprt.systems.serving import START_TIMEOUT_S, STOP_TIMEOUT_S, Serving, bound

IDLE_S = 30.0
"""How long a connection may be silent."""
LONGEST_FORM_BYTES = 65536
MOST_THROWN_AWAY_BYTES = 1 << 20
_NO_SERVER: Any = None
"""The library's handler wants its server, and asks nothing of it."""
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser asks for."""

    method: str
    path: str
    host: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    cookies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What it gets."""

    status: int = 200
    body: bytes = b""
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = field(default=())


class WebServer(Serving):
    """One site's address.

    Args:
        endpoint: where to listen.
        context: what to serve with.
        answer: gives the reply to a request.
    """

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext, answer: Callable[[Request], Reply]) -> None:
        super().__init__(str(endpoint))
        self.endpoint, self._listener = self._open(endpoint)
        self._context = context
        self._answer = answer
        self._up = self._wanted_up = True
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._handler = _handler_of(self)

    def __enter__(self) -> WebServer:
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._begin()
        try:
            transport.connect(self.endpoint, Deadline.after(START_TIMEOUT_S)).socket.close()  # ready means dialled
        except BaseException:
            self.stop()
            raise
        return self

    def switch(self, *, up: bool) -> None:
        """Have the address refuse connections, those that stand cut; or have it serve again."""
        self._changed.clear()
        self._wanted_up = up
        if up != self._up:
            self._nudge()
            self._changed.wait(START_TIMEOUT_S)

    def stop(self) -> None:
        """Close the port and every connection, and wait for every thread."""
        self._end()
        self._listener.close()
        self._hang_up()

    def _ready(self, ready: socket.socket, data: object, events: int) -> None:
        accepted, _ = ready.accept()
        accepted.setblocking(True)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(target=self._converse, args=(accepted,), name=f"{self._where} page", daemon=True)
        with self._lock:
            self._connections[accepted] = thread
        thread.start()

    def _tick(self) -> None:
        if self._wanted_up == self._up:
            return
        self._up = self._wanted_up
        self._close(self._listener)
        self._listener = bound(self.endpoint.host, self.endpoint.port, listening=self._up)
        if self._up:
            self._selector.register(self._listener, selectors.EVENT_READ)
        else:
            self._hang_up()
        self._changed.set()

    def _hang_up(self) -> None:
        with self._lock:
            open_now = dict(self._connections)
        for connection, thread in open_now.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(STOP_TIMEOUT_S)

    def _converse(self, accepted: socket.socket) -> None:
        # The TLS socket gets a descriptor of its own, so that whoever hangs up has one that nobody else closes.
        try:
            accepted.settimeout(IDLE_S)
            with self._context.wrap_socket(accepted.dup(), server_side=True) as connection:
                connection.settimeout(IDLE_S)
                self._handler(connection, accepted.getpeername(), _NO_SERVER)
        except (OSError, ValueError):
            pass  # the caller hung up, or does not trust us
        except Exception as error:
            self.errors.append(error)
        finally:
            with self._lock:
                self._connections.pop(accepted, None)
            accepted.close()


def _handler_of(server: WebServer) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        """Reads one request after the other, and writes the replies."""

        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one piece: the second of two small ones waits for the first's acknowledgement
        server_version = "SIMULATOR"
        sys_version = ""
        timeout = None  # the socket has one

        def do_GET(self) -> None:
            """Answer a request for a page."""
            self._reply({})

        def do_POST(self) -> None:
            """Answer a form that was sent."""
            try:
                size_bytes = int(self.headers.get("Content-Length", ""))
            except ValueError:
                size_bytes = -1
            if not 0 <= size_bytes <= LONGEST_FORM_BYTES:
                self.close_connection = True
                self.rfile.read(min(max(size_bytes, 0), MOST_THROWN_AWAY_BYTES))  # so that the answer is not cut
                self._write(Reply(413))
                return
            body = self.rfile.read(size_bytes).decode("utf-8", "replace")
            self._reply(dict(parse_qsl(body, keep_blank_values=True)))

        def _reply(self, form: Mapping[str, str]) -> None:
            asked = urlsplit(self.path)
            request = Request(
                method=self.command,
                path=asked.path,
                host=self.headers.get("Host", ""),
                query=dict(parse_qsl(asked.query, keep_blank_values=True)),
                form=form,
                cookies=_cookies(self.headers.get("Cookie", "")),
            )
            try:
                reply = server._answer(request)
            except Exception as error:
                server.errors.append(error)
                reply = Reply(500, b"the simulator failed")
            self._write(reply)

        def _write(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: what was asked is in the evidence."""

    return Handler


def _cookies(header: str) -> dict[str, str]:
    with contextlib.suppress(CookieError):
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    return {}
