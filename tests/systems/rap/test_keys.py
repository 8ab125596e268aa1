from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

from pytest_hkexprt.model import Secret
from pytest_hkexprt.systems.rap.keys import KeyFault, KeyMistake, load

PASSPHRASE = Secret("correct horse")
MAKERS = {
    "ssh-ed25519": ed25519.Ed25519PrivateKey.generate,
    "ecdsa-sha2-nistp256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ssh-rsa": lambda: rsa.generate_private_key(65537, 2048),
}
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
    return written(tmp_path / "key", MAKERS["ssh-ed25519"](), "OpenSSH")


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE], ids=["plain", "locked"])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", MAKERS)
def test_a_key_is_read_from_any_format(tmp_path, kind, form, passphrase):
    if (kind, form) == ("ssh-ed25519", "PEM"):
        form = "PKCS #8"  # Ed25519 is younger than the older PEM, which has no form for it
    assert load(written(tmp_path / "key", MAKERS[kind](), form, passphrase), passphrase).kind == kind


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
    path = written(tmp_path / "key", MAKERS["ecdsa-sha2-nistp256"](), form, PASSPHRASE)
    assert mistake(path, Secret("wrong")).mistake is KeyMistake.NOT_OPENED


@pytest.mark.parametrize("form", FORMATS)
def test_a_missing_passphrase_is_told(tmp_path, form):
    path = written(tmp_path / "key", MAKERS["ecdsa-sha2-nistp256"](), form, PASSPHRASE)
    assert mistake(path).mistake is KeyMistake.LOCKED


@pytest.mark.parametrize("form", FORMATS)
def test_a_passphrase_too_many_is_told(tmp_path, form):
    path = written(tmp_path / "key", MAKERS["ecdsa-sha2-nistp256"](), form)
    assert mistake(path, PASSPHRASE).mistake is KeyMistake.NOT_LOCKED


def test_a_kind_that_cannot_log_in_is_told(tmp_path):
    path = written(tmp_path / "key", dsa.generate_private_key(1024), "PKCS #8")
    assert mistake(path).mistake is KeyMistake.KIND


def test_a_curve_ssh_has_no_name_for_is_told(tmp_path):
    path = written(tmp_path / "key", ec.generate_private_key(ec.SECP256K1()), "PKCS #8")
    assert mistake(path).mistake is KeyMistake.KIND
