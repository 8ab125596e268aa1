"""Pages the tests write themselves, served over HTTP at this machine's own address."""

from __future__ import annotations

import http.server
import time

PAGES: dict[str, tuple[bytes, dict[str, str]]] = {}
HOST = "127.0.0.1"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body, headers = PAGES.get(self.path, (b"", {}))
        time.sleep(float(headers.get("Delay", 0)))
        self.send_response(302 if "Location" in headers else 200 if self.path in PAGES else 404)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def waits_for(mark: str):
    return lambda tab: tab.wait([mark], 20).first
