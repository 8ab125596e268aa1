from __future__ import annotations

import base64
import subprocess

import pytest

from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import keys
from pytest_hkexprt.systems.rap.hostkeys import HostKeyRefused, HostKeys, KnownLine, fingerprint, kind, read_known_hosts

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


OFFERED = f"  came:     ssh-ed25519 {KEY.fingerprint}"
RENEWED = (
    "  next:     if the server was renewed, get the new fingerprint from its owner; if not, somebody else answers. "
    "A server may have several keys, and a fingerprint pins one of them"
)


def told(*lines: str) -> str:
    return "\n".join(["rap/secondary 10.152.14.121:10022: host key refused", *lines])


def test_an_unknown_key_is_told_whole():
    assert refusal(HostKeys()) == told(
        "  expected: a pinned host key; none is pinned for this address",
        OFFERED,
        "  next:     compare the fingerprint with the one you were given, then pin it in hkexprt.toml [rap.host_keys] "
        "secondary; nothing is learnt by itself",
    )


def test_a_changed_key_is_told_whole(tmp_path):
    lines = known(tmp_path, f"[10.152.14.121]:10022 {OTHER.public}").known
    pinned = {Site.SECONDARY: (OTHER.public, OTHER.fingerprint)}
    assert refusal(HostKeys(pinned, lines, "a file of ours")) == told(
        f"  expected: ssh-ed25519 {OTHER.fingerprint} (in a file of ours) or {OTHER.fingerprint} (in a file of ours) "
        f"or ssh-ed25519 {OTHER.fingerprint} (known_hosts:1)",
        OFFERED,
        RENEWED,
    )


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ((OTHER.fingerprint,), f"{OTHER.fingerprint} (in the participant file)"),
        ((), "a pinned host key; none is pinned for this address"),
    ],
    ids=["another pinned here", "none pinned here"],
)
def test_the_other_sites_key_is_told_whole(own, expected):
    assert refusal(HostKeys({Site.SECONDARY: own, Site.PRIMARY: (OTHER.public, KEY.fingerprint)})) == told(
        f"  expected: {expected}",
        f"{OFFERED}: the key pinned for the primary site, whose server answers here",
        "  next:     check where this address leads; nothing was sent to that server",
    )


def test_a_revoked_key_is_told_whole(tmp_path):
    assert refusal(known(tmp_path, f"@revoked * {OTHER.public}", f"@revoked 10.* {KEY.public}")) == told(
        "  expected: a key in use",
        f"{OFFERED}, revoked in known_hosts:2",
        "  next:     ask whom it belongs to",
    )


def test_a_certificate_authority_alone_is_told_whole(tmp_path):
    authorities = known(tmp_path, f"@cert-authority * {KEY.public}", f"@cert-authority 10.* {OTHER.public}")
    assert refusal(authorities) == told(
        "  expected: a host key",
        f"  came:     only a certificate authority (known_hosts:1, known_hosts:2), and ssh-ed25519 {KEY.fingerprint}",
        "  next:     host certificates are not supported: pin the host key itself",
    )


def test_a_certificate_authority_beside_a_pinned_key_is_left_out(tmp_path):
    lines = (f"[10.152.14.121]:10022 {OTHER.public}", f"@cert-authority [10.152.14.121]:10022 {KEY.public}")
    assert refusal(known(tmp_path, *lines)) == told(
        f"  expected: ssh-ed25519 {OTHER.fingerprint} (known_hosts:1)", OFFERED, RENEWED
    )


def test_a_certificate_authority_beside_a_key_the_participant_pinned_is_left_out(tmp_path):
    lines = known(tmp_path, f"@cert-authority * {KEY.public}").known
    assert refusal(HostKeys({Site.SECONDARY: (OTHER.fingerprint,)}, lines)) == told(
        f"  expected: {OTHER.fingerprint} (in the participant file)", OFFERED, RENEWED
    )


@pytest.mark.parametrize("marker", ["@revoked", "@cert-authority"])
def test_a_marked_line_for_every_host_does_not_hide_the_line_without_the_port(tmp_path, marker):
    lines = (f"{marker} * {OTHER.public}", f"10.152.14.121 {KEY.public}")
    found = known(tmp_path, *lines).verify(SERVER, BLOB)
    assert found == "known_hosts:2, a line for the host without its port"


def test_a_key_revoked_for_the_host_without_its_port_is_refused(tmp_path):
    lines = (f"[10.152.14.121]:10022 {KEY.public}", f"@revoked 10.152.14.121 {KEY.public}")
    assert "revoked in known_hosts:2" in refusal(known(tmp_path, *lines))


def test_a_key_revoked_for_another_host_is_accepted(tmp_path):
    lines = (f"[10.152.14.121]:10022 {KEY.public}", f"@revoked 10.152.14.122 {KEY.public}")
    assert known(tmp_path, *lines).verify(SERVER, BLOB) == "known_hosts:1"


def test_a_revoked_key_of_somebody_else_is_no_pinned_one(tmp_path):
    assert "none is pinned for this address" in refusal(known(tmp_path, f"@revoked * {OTHER.public}"))


def test_where_a_key_is_pinned_is_said():
    pinned = HostKeys({Site.SECONDARY: (OTHER.public, KEY.public)})
    assert pinned.verify(SERVER, BLOB) == "the participant file, for the secondary site"


def test_on_the_port_of_ssh_a_host_is_named_alone(tmp_path):
    server = Endpoint("rap", Site.SECONDARY, "10.152.14.121", 22)
    assert known(tmp_path, f"10.152.14.121 {KEY.public}").verify(server, BLOB) == "known_hosts:1"


def test_on_the_port_of_ssh_a_line_with_a_port_is_another_servers(tmp_path):
    server = Endpoint("rap", Site.SECONDARY, "10.152.14.121", 22)
    with pytest.raises(HostKeyRefused):
        known(tmp_path, f"[10.152.14.121]:22 {KEY.public}").verify(server, BLOB)


@pytest.mark.parametrize(
    ("names", "host"),
    [
        ("Reports.Example", "reports.EXAMPLE"),
        ("other,reports.example", "reports.example"),
        ("report?.example", "reports.example"),
        ("*,!other", "reports.example"),
    ],
)
def test_the_names_of_a_line_take_a_host_in(names, host):
    assert KnownLine("here", names, BLOB).is_for(host)


@pytest.mark.parametrize(
    "names",
    [
        "other",
        "report",
        "[r]eports.example",
        "!reports.example,*",
        "!other",
        "|1|not base64|either",
        "|1|AAAA",
        "|1|AAAA|AAAA",
    ],
)
def test_the_names_of_a_line_leave_a_host_out(names):
    assert not KnownLine("here", names, BLOB).is_for("reports.example")


def test_lines_that_cannot_be_read_are_passed_over(tmp_path):
    lines = (
        "",
        f"# 10.152.14.121 {KEY.public}",
        f"#10.152.14.121 {KEY.public}",
        "10.152.14.121 ssh-ed25519",
        "10.152.14.121 ssh-ed25519 no*base64",
        f"10.152.14.121 {KEY.public} with a comment",
    )
    assert [line.source for line in known(tmp_path, *lines).known] == ["known_hosts:6"]


def test_a_line_is_kept_with_its_marker_names_and_key(tmp_path):
    (line,) = known(tmp_path, f"@revoked a,b {KEY.public}").known
    assert line == KnownLine("known_hosts:1", "a,b", BLOB, "@revoked")


def test_a_file_that_is_not_utf8_is_read_all_the_same(tmp_path):
    file = tmp_path / "known_hosts"
    file.write_bytes(b"# caf\xe9\n" + f"10.152.14.121 {KEY.public}\n".encode())
    assert len(read_known_hosts(file)) == 1


def test_a_file_that_is_not_there_is_told_whole(tmp_path):
    path = tmp_path / "none"
    with pytest.raises(UsageFault) as caught:
        read_known_hosts(path)
    assert str(caught.value) == "\n".join(
        [f"[rap] known_hosts: {path}", "  expected: a readable file", "  came:     No such file or directory"]
    )


def test_the_kinds_of_pinned_keys_are_told_once_each_and_a_fingerprint_has_none(tmp_path):
    lines = (
        f"@revoked * {OTHER.public}",
        f"[10.152.14.121]:10022 {OTHER.public}",
        f"[10.152.14.122]:10022 ecdsa-sha2-nistp256 {base64.b64encode(b'rest').decode()}",
    )
    pinned = {Site.SECONDARY: ("ssh-rsa AAAA", KEY.fingerprint), Site.PRIMARY: ("ssh-dss AAAA",)}
    assert HostKeys(pinned, known(tmp_path, *lines).known).kinds(SERVER) == ("ssh-rsa", "ssh-ed25519")


@pytest.mark.parametrize(
    ("blob", "named"),
    [(BLOB, "ssh-ed25519"), (b"\0\0\0\3abcdef", "abc"), (b"\0\0\0\2\xffa", "\ufffda"), (b"", "")],
    ids=["a key", "three letters", "not ASCII", "nothing"],
)
def test_a_keys_type_is_its_first_string(blob, named):
    assert kind(blob) == named
