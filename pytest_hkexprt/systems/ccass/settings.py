"""The ``[ccass]`` table of the participant file, with types.

No secret is in it: the password is named by the environment variable that holds it, and the two-factor code comes from
a command or from whoever sits there.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_hkexprt.model import Site
from pytest_hkexprt.reading import Table, near, tell
from pytest_hkexprt.systems.ccass.pages import STAND_IN

TIMEOUT_S = 20.0
"""How long a page may take; a terminal that takes longer is not one to work with."""
OPERATOR_TIMEOUT_S = 300.0
"""Time to find a smartcard and type a PIN."""
FAILOVER_TIMEOUT_S = 1800.0
"""The circular of 2024 gives two hours for the failover and the tests after it."""
GENERATED_USER = "REHEARSAL01"
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
ADDRESS = re.compile(r"(?P<host>[^\s:]+):(?P<port>[0-9]{1,5})")
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class CcassSettings:
    """How the participant reaches the terminals."""

    user: str
    password_env: str = ""
    """The environment variable that holds the password."""
    code_command: tuple[str, ...] = ()
    """The command that prints the two-factor code; empty to ask the operator."""
    owner: str = ""
    """The participant's id as the terminals show it beside its data; empty where they show none."""
    pages: str = STAND_IN
    """The page description: the name of one that ships, or a file."""
    browser: str = ""
    """The browser's executable; empty to find one."""
    channel: str = ""
    """A channel of Playwright's, ``chrome`` or ``msedge``, in place of an executable."""
    show: bool = False
    """Whether the browser is shown."""
    timeout_s: float = TIMEOUT_S
    operator_timeout_s: float = OPERATOR_TIMEOUT_S
    failover_timeout_s: float = FAILOVER_TIMEOUT_S
    certificates: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """SHA-256 fingerprints of the sites' certificates, hexadecimal, small letters."""
    networks: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """The networks a site's addresses lie in."""
    addresses: Mapping[Site, tuple[str, ...]] = field(default_factory=dict)
    """``host:port`` texts that replace the circular's, site by site."""


def read(data: Mapping[str, object], path: Path) -> CcassSettings:
    """Return the settings a ``[ccass]`` table describes.

    Args:
        data: the table as read.
        path: the participant file, for messages.

    Raises:
        UsageFault: a key is missing, unknown or of the wrong type; the message has all of them.
    """
    table = Table(dict(data), "ccass")
    found = CcassSettings(
        user=table.text("user", required=True),
        password_env=table.text("password_env"),
        code_command=table.words("code_command"),
        owner=table.text("owner"),
        pages=table.text("pages", STAND_IN),
        browser=table.text("browser"),
        channel=table.text("channel"),
        show=table.flag("show"),
        timeout_s=table.number("timeout_s", TIMEOUT_S),
        operator_timeout_s=table.number("operator_timeout_s", OPERATOR_TIMEOUT_S),
        failover_timeout_s=table.number("failover_timeout_s", FAILOVER_TIMEOUT_S),
        certificates={
            site: tuple(map(plain, words))
            for site, words in _by_site(table, "certificates", _fingerprint_mistake).items()
        },
        networks=_by_site(table, "networks", _network_mistake),
        addresses=_by_site(table, "addresses", _address_mistake),
    )
    if found.browser and found.channel:
        table.wrong("channel", "expected a browser or a channel, not both")
    table.unknown()
    tell(path, table.mistakes)
    return found


def plain(fingerprint: str) -> str:
    """Return a fingerprint as we write it, however a browser or OpenSSL wrote it."""
    digits = fingerprint.lower().rpartition("=")[2].removeprefix("sha256:")
    return re.sub(r"[\s:]", "", digits)


def _by_site(table: Table, key: str, mistake: Callable[[str], str]) -> dict[Site, tuple[str, ...]]:
    below = table.table(key)
    if below is None:
        return {}
    found: dict[Site, tuple[str, ...]] = {}
    for site in Site:
        if words := below.words(site):
            found[site] = words
        for word in words:
            if what := mistake(word):
                below.wrong(site, what)
    for other in below.keys():  # noqa: SIM118  Table is no mapping: keys() also counts them as asked for
        if other not in tuple(Site):
            below.wrong(other, f"unknown site; expected {' or '.join(Site)}{near(other, Site)}")
    return found


def _fingerprint_mistake(text: str) -> str:
    if FINGERPRINT.fullmatch(plain(text)):
        return ""
    return f"{text!r} is no SHA-256 fingerprint: 64 hexadecimal digits, with or without colons"


def _network_mistake(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return f"{text!r} is not a network such as 192.0.2.0/24"
    return ""


def _address_mistake(text: str) -> str:
    found = ADDRESS.fullmatch(text)
    if found and 0 < int(found["port"]) <= HIGHEST_PORT:
        return ""
    return f"{text!r} is not host:port, such as www.ccass.com:443"
