from __future__ import annotations

import base64
import subprocess

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import keys
from pytest_hkexprt.systems.rap.hostkeys import HostKeyRefused, HostKeys, fingerprint, read_known_hosts

SERVER = Endpoint("rap", Site.SECONDARY, "10.152.14.121", 10022)
KEY, OTHER = keys.generate(), keys.generate()
BLOB = base64.b64decode(KEY.public.split()[1])


def known(tmp_path, *lines: str) -> HostKeys:
    file = tmp_path / "known_hosts"
    file.write_text("\n".join(lines) + "\n")
    return HostKeys(known=read_known_hosts(file))


def refusal(host_keys: HostKeys) -> str:
    with pytest.raises(HostKeyRefused) as caught:
        host_keys.verify(SERVER, BLOB)
    return str(caught.value)


@pytest.mark.parametrize("pin", [KEY.public, KEY.fingerprint], ids=["key", "fingerprint"])
def test_a_pinned_key_is_accepted(pin):
    assert "secondary" in HostKeys({Site.SECONDARY: (pin,)}).verify(SERVER, BLOB)


def test_the_fingerprint_is_openssh_s(tmp_path):
    (tmp_path / "key.pub").write_text(KEY.public + "\n")
    said = subprocess.run(["ssh-keygen", "-lf", tmp_path / "key.pub"], capture_output=True, text=True, check=True)
    assert said.stdout.split()[1] == fingerprint(BLOB)


def test_a_changed_key_shows_both_fingerprints():
    message = refusal(HostKeys({Site.SECONDARY: (OTHER.public,)}))
    assert KEY.fingerprint in message and OTHER.fingerprint in message


def test_an_unknown_key_says_how_to_pin_it():
    assert "none is pinned for this address" in refusal(HostKeys())


def test_the_other_sites_key_is_called_just_that():
    message = refusal(HostKeys({Site.SECONDARY: (OTHER.public,), Site.PRIMARY: (KEY.public,)}))
    assert "the key pinned for the primary site, whose server answers here" in message


def test_a_line_with_the_port_is_found(tmp_path):
    assert known(tmp_path, f"[10.152.14.121]:10022 {KEY.public}").verify(SERVER, BLOB) == "known_hosts:1"


def test_a_line_without_the_port_is_found_and_said_to_be_so(tmp_path):
    found = known(tmp_path, "# a comment", f"10.152.14.121 {KEY.public}").verify(SERVER, BLOB)
    assert found == "known_hosts:2, a line for the host without its port"


def test_a_line_with_the_port_outranks_one_without(tmp_path):
    lines = (f"10.152.14.121 {KEY.public}", f"[10.152.14.121]:10022 {OTHER.public}")
    assert OTHER.fingerprint in refusal(known(tmp_path, *lines))


def test_a_hashed_line_is_found(tmp_path):
    file = tmp_path / "known_hosts"
    file.write_text(f"[10.152.14.121]:10022 {KEY.public}\n")
    subprocess.run(["ssh-keygen", "-q", "-H", "-f", file], check=True, capture_output=True)
    assert file.read_text().startswith("|1|")
    assert HostKeys(known=read_known_hosts(file)).verify(SERVER, BLOB) == "known_hosts:1"


def test_a_pattern_is_found(tmp_path):
    assert known(tmp_path, f"[10.152.14.*]:10022 {KEY.public}").verify(SERVER, BLOB)


def test_a_pattern_that_leaves_the_host_out_is_not_found(tmp_path):
    refusal(known(tmp_path, f"[10.152.14.*]:10022,![10.152.14.121]:10022 {KEY.public}"))


def test_a_revoked_key_is_refused_although_it_is_pinned(tmp_path):
    revoking = known(tmp_path, f"@revoked * {KEY.public}")
    assert "revoked in known_hosts:1" in refusal(HostKeys({Site.SECONDARY: (KEY.public,)}, revoking.known))


def test_a_certificate_authority_is_refused_with_a_word_about_it(tmp_path):
    assert "host certificates are not supported" in refusal(known(tmp_path, f"@cert-authority * {KEY.public}"))


def test_the_pinned_kinds_are_asked_for_first(tmp_path):
    assert known(tmp_path, f"[10.152.14.121]:10022 {KEY.public}").kinds(SERVER) == ("ssh-ed25519",)


def test_a_known_hosts_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageFault, match="known_hosts"):
        read_known_hosts(tmp_path / "none")
