"""The ``[ccass]`` table whole: every key read into its place, every mistake told word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass.settings import CcassSettings, read
from tests.systems.ccass.samples import OURS, THEIRS

FILE = Path("hkexprt.toml")


def test_every_key_is_read_into_its_place():
    table = {
        "user": "USER01",
        "password_env": "CCASS_PASSWORD",
        "code_command": ["oathtool", "--totp"],
        "owner": "B00001",
        "pages": "own.toml",
        "channel": "chrome",
        "show": True,
        "timeout_s": 1,
        "operator_timeout_s": 2,
        "failover_timeout_s": 3,
        "certificates": {"primary": [OURS], "secondary": [THEIRS.upper(), OURS]},
        "networks": {"primary": ["10.151.0.0/16", "2001:db8::/32"], "secondary": ["10.152.1.1/16"]},
        "addresses": {"primary": ["relay.example:1"], "secondary": ["10.152.1.1:65535"]},
    }
    assert read(table, FILE) == CcassSettings(
        user="USER01",
        password_env="CCASS_PASSWORD",
        code_command=("oathtool", "--totp"),
        owner="B00001",
        pages="own.toml",
        channel="chrome",
        show=True,
        timeout_s=1,
        operator_timeout_s=2,
        failover_timeout_s=3,
        certificates={Site.PRIMARY: (OURS,), Site.SECONDARY: (THEIRS, OURS)},
        networks={Site.PRIMARY: ("10.151.0.0/16", "2001:db8::/32"), Site.SECONDARY: ("10.152.1.1/16",)},
        addresses={Site.PRIMARY: ("relay.example:1",), Site.SECONDARY: ("10.152.1.1:65535",)},
    )


def test_what_is_left_out_has_a_working_value():
    assert read({"user": "USER01"}, FILE) == CcassSettings(user="USER01")


def test_a_browser_of_ones_own_is_kept():
    assert read({"user": "USER01", "browser": "/usr/bin/chromium"}, FILE).browser == "/usr/bin/chromium"


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        ({"user": ""}, "[ccass] user: is empty"),
        ({"password": "x"}, "[ccass] password: unknown key (did you mean password_env?)"),
        ({"password_env": 1}, "[ccass] password_env: expected a text in quotes, came 1"),
        ({"code_command": "x"}, "[ccass] code_command: expected a list in square brackets, came 'x'"),
        ({"timeout_s": 0}, "[ccass] timeout_s: expected a number above zero, came 0"),
        ({"operator_timeout_s": 0}, "[ccass] operator_timeout_s: expected a number above zero, came 0"),
        ({"failover_timeout_s": 0}, "[ccass] failover_timeout_s: expected a number above zero, came 0"),
        ({"browser": "b", "channel": "chrome"}, "[ccass] channel: expected a browser or a channel, not both"),
        (
            {"certificates": {"primary": ["abc"]}},
            "[ccass.certificates] primary: 'abc' is no SHA-256 fingerprint: 64 hexadecimal digits, "
            "with or without colons",
        ),
        (
            {"networks": {"secondary": ["10.0.0.0/99"]}},
            "[ccass.networks] secondary: '10.0.0.0/99' is not a network such as 192.0.2.0/24",
        ),
        (
            {"addresses": {"primary": ["www.ccass.com:0"]}},
            "[ccass.addresses] primary: 'www.ccass.com:0' is not host:port, such as www.ccass.com:443",
        ),
        (
            {"addresses": {"primary": ["www.ccass.com:65536"]}},
            "[ccass.addresses] primary: 'www.ccass.com:65536' is not host:port, such as www.ccass.com:443",
        ),
        (
            {"addresses": {"secondry": ["www.ccass.com:443"]}},
            "[ccass.addresses] secondry: unknown site; expected primary or secondary (did you mean secondary?)",
        ),
    ],
)
def test_a_mistake_is_told_whole(changed, mistake):
    with pytest.raises(UsageFault) as caught:
        read({"user": "USER01"} | changed, FILE)
    assert str(caught.value) == f"hkexprt.toml: one mistake\n  {mistake}"


def test_a_missing_user_is_told_whole():
    with pytest.raises(UsageFault) as caught:
        read({}, FILE)
    assert str(caught.value) == "hkexprt.toml: one mistake\n  [ccass] user: missing; expected a text in quotes"
