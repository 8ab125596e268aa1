from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from pytest_hkexprt.model import Secret
from pytest_hkexprt.systems.rap.keys import KeyFault, KeyMistake, generate, load

PASSPHRASE = Secret("correct horse")
MAKERS = {
    "ssh-ed25519": ed25519.Ed25519PrivateKey.generate,
    "ecdsa-sha2-nistp256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ssh-rsa": lambda: rsa.generate_private_key(65537, 2048),
}
made = cache(lambda kind: MAKERS[kind]())
"""One key of each kind is enough, and RSA's take their time."""
FORMATS = {
    "OpenSSH": serialization.PrivateFormat.OpenSSH,
    "PEM": serialization.PrivateFormat.TraditionalOpenSSL,
    "PKCS #8": serialization.PrivateFormat.PKCS8,
}


def written(path: Path, key, form: str, passphrase: Secret | None = None, mode: int = 0o600) -> Path:
    locked = serialization.NoEncryption()
    if passphrase:
        locked = serialization.BestAvailableEncryption(passphrase.reveal().encode())
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, FORMATS[form], locked))
    path.chmod(mode)
    return path


def mistake(path: Path, passphrase: Secret | None = None) -> KeyFault:
    with pytest.raises(KeyFault) as caught:
        load(path, passphrase)
    return caught.value


@pytest.fixture
def plain(tmp_path):
    return written(tmp_path / "key", made("ssh-ed25519"), "OpenSSH")


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE], ids=["plain", "locked"])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", MAKERS)
def test_a_key_is_read_from_any_format(tmp_path, kind, form, passphrase):
    if (kind, form) == ("ssh-ed25519", "PEM"):
        form = "PKCS #8"  # Ed25519 is younger than the older PEM, which has no form for it
    assert load(written(tmp_path / "key", made(kind), form, passphrase), passphrase).kind == kind


def test_the_public_half_is_openssh_s(plain):
    said = subprocess.run(["ssh-keygen", "-yf", plain], capture_output=True, text=True, check=True).stdout
    assert load(plain).public.split() == said.split()[:2]


def test_the_key_itself_does_not_print(plain):
    assert "PRIVATE KEY" not in repr(load(plain))


def test_a_missing_file_is_told(tmp_path):
    assert mistake(tmp_path / "none").mistake is KeyMistake.MISSING


def test_a_key_others_may_read_is_refused_and_says_how_to_mend_it(plain):
    plain.chmod(0o644)
    fault = mistake(plain)
    assert fault.mistake is KeyMistake.OPEN_TO_OTHERS and f"chmod 600 {plain}" in str(fault)


def test_a_public_key_is_told(tmp_path, plain):
    public = tmp_path / "key.pub"
    public.write_text(load(plain).public)
    public.chmod(0o600)
    assert mistake(public).mistake is KeyMistake.PUBLIC


@pytest.mark.parametrize("text", ["", "hello", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_what_is_no_key_is_told(tmp_path, text):
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(0o600)
    assert mistake(path).mistake is KeyMistake.NO_KEY


@pytest.mark.parametrize("form", FORMATS)
def test_a_wrong_passphrase_is_told(tmp_path, form):
    path = written(tmp_path / "key", made("ecdsa-sha2-nistp256"), form, PASSPHRASE)
    assert mistake(path, Secret("wrong")).mistake is KeyMistake.NOT_OPENED


@pytest.mark.parametrize("form", FORMATS)
def test_a_missing_passphrase_is_told(tmp_path, form):
    path = written(tmp_path / "key", made("ecdsa-sha2-nistp256"), form, PASSPHRASE)
    assert mistake(path).mistake is KeyMistake.LOCKED


@pytest.mark.parametrize("form", FORMATS)
def test_a_passphrase_too_many_is_told(tmp_path, form):
    path = written(tmp_path / "key", made("ecdsa-sha2-nistp256"), form)
    assert mistake(path, PASSPHRASE).mistake is KeyMistake.NOT_LOCKED


def test_a_kind_that_cannot_log_in_is_told(tmp_path):
    path = written(tmp_path / "key", dsa.generate_private_key(1024), "PKCS #8")
    assert mistake(path).mistake is KeyMistake.KIND


def test_a_curve_ssh_has_no_name_for_is_told(tmp_path):
    path = written(tmp_path / "key", ec.generate_private_key(ec.SECP256K1()), "PKCS #8")
    assert mistake(path).mistake is KeyMistake.KIND


def told(path: Path, came: str, next_step: str) -> str:
    lines = [f"[rap] key: {path}", "  expected: a private key", f"  came:     {came}", f"  next:     {next_step}"]
    return "\n".join(lines)


def file(tmp_path: Path, text: str | bytes, mode: int = 0o600) -> Path:
    path = tmp_path / "key"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return path


def test_a_missing_file_is_told_whole(tmp_path):
    path = tmp_path / "none"
    assert str(mistake(path)) == told(path, "no such file", "set [rap] key to the private key's file")


def test_a_file_that_cannot_be_read_is_told_whole(tmp_path):
    fault = mistake(tmp_path)
    assert fault.mistake is KeyMistake.UNREADABLE
    assert str(fault) == told(tmp_path, "it cannot be read (Is a directory)", "let its owner run this")


@pytest.mark.parametrize(("mode", "shown"), [(0o644, "0644"), (0o610, "0610"), (0o601, "0601")])
def test_a_key_others_may_use_is_told_whole(plain, mode, shown):
    plain.chmod(mode)
    assert str(mistake(plain)) == told(plain, f"others may read it (mode {shown})", f"chmod 600 {plain}")


def test_a_key_its_owner_may_do_anything_with_is_read(plain):
    plain.chmod(0o700)
    assert load(plain).kind == "ssh-ed25519"


@pytest.mark.parametrize(
    "text",
    [
        "ssh-ed25519 AAAA",
        "\n ssh-rsa AAAA",
        "ecdsa-sha2-nistp256 AAAA",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN SSH2 PUBLIC KEY-----",
        "---- BEGIN SSH2 PUBLIC KEY ----",
    ],
)
def test_a_public_key_is_told_whole_in_any_form(tmp_path, text):
    path = file(tmp_path, text)
    assert str(mistake(path)) == told(
        path, "it is the public key", "name the private key; often the same name without .pub"
    )


def test_what_is_no_key_is_told_whole(tmp_path):
    path = file(tmp_path, "hello")
    assert str(mistake(path)) == told(
        path, "it is not a private key", "name the file ssh-keygen made, not a copy from elsewhere"
    )


@pytest.mark.parametrize("marker", ["BEGIN OPENSSH PRIVATE KEY", "BEGIN PRIVATE KEY"])
def test_a_broken_key_is_told_with_the_first_line_of_why(tmp_path, marker):
    path = file(tmp_path, f"-----{marker}-----\nAAAA\n-----END{marker[5:]}-----\n")
    _, _, came, next_step = str(mistake(path)).splitlines()
    assert came.startswith("  came:     it is not a private key (")
    assert len(came) <= len("  came:     it is not a private key ()") + 120
    assert next_step == "  next:     make it anew or copy it again"


def test_a_missing_passphrase_is_told_whole(tmp_path):
    path = written(tmp_path / "key", made("ssh-ed25519"), "OpenSSH", PASSPHRASE)
    assert str(mistake(path)) == told(
        path,
        "it needs a passphrase",
        "set passphrase_env to the environment variable that holds it, or use agent = true",
    )


def test_a_wrong_passphrase_is_told_whole(tmp_path):
    path = written(tmp_path / "key", made("ssh-ed25519"), "OpenSSH", PASSPHRASE)
    assert str(mistake(path, Secret("wrong"))) == told(
        path, "the passphrase is wrong", "look at the variable passphrase_env names"
    )


def test_a_passphrase_too_many_is_told_whole(plain):
    assert str(mistake(plain, PASSPHRASE)) == told(plain, "it has no passphrase", "take passphrase_env out of the file")


def test_a_kind_that_cannot_log_in_is_told_whole(tmp_path):
    path = written(tmp_path / "key", dsa.generate_private_key(1024), "PKCS #8")
    assert str(mistake(path)) == told(path, "its kind cannot log in (DSAPrivateKey)", "use Ed25519, ECDSA or RSA")


def test_a_curve_ssh_has_no_name_for_is_told_with_what_to_use(tmp_path):
    path = written(tmp_path / "key", ec.generate_private_key(ec.SECP256K1()), "PKCS #8")
    first, _, came, next_step = str(mistake(path)).splitlines()
    assert (first, next_step) == (f"[rap] key: {path}", "  next:     use Ed25519, ECDSA or RSA")
    assert came.startswith("  came:     its kind cannot log in (")


def test_the_key_is_handed_on_in_openssh_s_format_without_a_passphrase(tmp_path):
    path = written(tmp_path / "key", made("ecdsa-sha2-nistp256"), "PEM", PASSPHRASE)
    handed = load(path, PASSPHRASE).openssh.reveal().encode()
    assert serialization.load_ssh_private_key(handed, None).private_numbers() == (
        made("ecdsa-sha2-nistp256").private_numbers()
    )


def test_the_fingerprint_is_openssh_s(plain):
    said = subprocess.run(["ssh-keygen", "-lf", plain], capture_output=True, text=True, check=True).stdout
    assert load(plain).fingerprint == said.split()[1]


def test_a_generated_key_is_a_fresh_one():
    assert generate().kind == "ssh-ed25519"
    assert generate().public != generate().public
