"""The stand-in terminals asked without a browser, by the standard library's HTTP client."""

from __future__ import annotations

import http.client
import re
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass.simulator import CHECKER, Simulator

TOKEN = re.compile(r'name="token" value="([^"]+)"')
LINK = re.compile(r'href="/\w+/report\?t=([^"]+)"')


@dataclass
class Got:
    """A reply."""

    status: int
    text: str
    location: str
    headers: http.client.HTTPMessage

    @property
    def token(self) -> str:
        return (TOKEN.findall(self.text) or [""])[0]


@dataclass
class Visitor:
    """One browser's worth of cookies, at one site."""

    simulator: Simulator
    site: Site = Site.PRIMARY
    terminal: str = "ccms"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, page: str, form: dict[str, str] | None = None, *, path: str = "") -> Got:
        at = self.simulator.addresses[self.site]
        context = ssl.create_default_context(cadata=self.simulator.certificates.authority_pem.decode())
        connection = http.client.HTTPSConnection(at.host, at.port, context=context, timeout=20)
        connection._create_connection = lambda address, *_: socket_to(at.host, at.port)  # type: ignore[attr-defined]
        connection.host = self.simulator.name  # the name that is verified
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = urlencode(form) if form is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path or f"/{self.terminal}/{page}", body, headers)
        reply = connection.getresponse()
        text = reply.read().decode("utf-8", "replace")
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        connection.close()
        return Got(reply.status, text, reply.headers.get("Location", ""), reply.headers)

    def log_on(self, user: str = "") -> Got:
        """Log on, and return the home page."""
        user = user or self.simulator.user
        front = self.ask("GET", "")
        form = {"token": front.token, "user": user, "password": self.simulator.password.reveal()}
        assert self.ask("POST", "logon", form).location.endswith("/code")
        page = self.ask("GET", "code")
        code = self.simulator.terminals[self.site].sessions[self.terminal.upper()].code_of(user)
        assert self.ask("POST", "code", {"token": page.token, "code": code}).location.endswith("/home")
        return self.ask("GET", "home")


def socket_to(host: str, port: int):
    import socket  # noqa: PLC0415  by the one function that needs it

    return socket.create_connection((host, port), 20)


__all__ = ["CHECKER", "LINK", "Got", "Visitor"]
