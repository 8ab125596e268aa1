"""The [ccass] table of the participant file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.ccass import settings
from tests.systems.ccass.samples import OURS

FILE = Path("hkexprt.toml")


def test_the_fewest_lines_are_a_user_id():
    found = settings.read({"user": "USER01"}, FILE)
    assert (found.user, found.pages, found.timeout_s) == ("USER01", "standin", settings.TIMEOUT_S)


def test_all_mistakes_are_told_at_once():
    data = {
        "pasword_env": "X",
        "certificates": {"primary": ["abc"], "secondry": ["x"]},
        "networks": {"primary": ["10.0.0.0/99"]},
        "addresses": {"primary": ["www.ccass.com"]},
        "browser": "/usr/bin/chromium",
        "channel": "chrome",
    }
    with pytest.raises(UsageFault) as caught:
        settings.read(data, FILE)
    for told in (
        "user: missing",
        "pasword_env: unknown key (did you mean password_env?)",
        "'abc' is no SHA-256 fingerprint",
        "secondry: unknown site",
        "'10.0.0.0/99' is not a network",
        "'www.ccass.com' is not host:port",
        "a browser or a channel, not both",
    ):
        assert told in str(caught.value)


@pytest.mark.parametrize(
    "written",
    [
        OURS,
        OURS.upper(),
        ":".join(OURS[i : i + 2].upper() for i in range(0, 64, 2)),
        "sha256 Fingerprint=" + ":".join(OURS[i : i + 2].upper() for i in range(0, 64, 2)),
        f"SHA256:{OURS}",
    ],
)
def test_a_fingerprint_may_be_written_as_browsers_and_openssl_write_it(written):
    found = settings.read({"user": "U", "certificates": {"primary": [written]}}, FILE)
    assert found.certificates == {Site.PRIMARY: (OURS,)}
