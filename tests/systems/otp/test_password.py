from __future__ import annotations

import base64
import copy
import datetime as dt
import pickle
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from pytest_hkexprt.errors import UsageFault, compose
from pytest_hkexprt.systems.otp.password import Password, decrypted, encrypted, mistakes
from pytest_hkexprt.systems.otp.profiles import OCG_3, OCG_22, PROFILES, Padding, WireProtocol

UTC = dt.datetime(2023, 11, 25, 1, 30, tzinfo=dt.UTC)
HONG_KONG = dt.timezone(dt.timedelta(hours=8))
SECRET = Password("Ab123456")
BINARY, FIX = WireProtocol.BINARY, WireProtocol.FIX


def public(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def private(key: rsa.RSAPrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda each: each.name)
@pytest.mark.parametrize("protocol", list(WireProtocol))
def test_what_is_encrypted_opens_again(profile, protocol, key):
    sealed = encrypted(SECRET, public(key), profile, protocol, UTC)
    assert decrypted(sealed, private(key), profile, protocol, UTC) == SECRET


def test_it_is_344_characters_of_base64_and_fits_its_field(key):
    assert len(encrypted(SECRET, public(key), OCG_22, BINARY, UTC)) == 344


def test_the_binary_protocol_has_the_time_in_utc_before_it(key):
    sealed = encrypted(SECRET, public(key), OCG_22, BINARY, UTC.astimezone(HONG_KONG))
    plain = key.decrypt(base64.b64decode(sealed), padding.PKCS1v15())
    assert plain == b"20231125013000Ab123456"


def test_fix_has_the_password_alone(key):
    sealed = encrypted(SECRET, public(key), OCG_22, FIX, UTC)
    assert key.decrypt(base64.b64decode(sealed), padding.PKCS1v15()) == b"Ab123456"


def test_the_same_password_never_looks_the_same(key):
    assert len({encrypted(SECRET, public(key), OCG_22, FIX, UTC) for _ in range(3)}) == 3


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_time_just_near_enough_to_the_gateway_s_opens(seconds, key):
    sealed = encrypted(SECRET, public(key), OCG_22, BINARY, UTC)
    assert decrypted(sealed, private(key), OCG_22, BINARY, UTC + dt.timedelta(seconds=seconds)) == SECRET


@pytest.mark.parametrize("seconds", [-301, 301, 86400])
def test_a_time_too_far_from_the_gateway_s_opens_nothing(seconds, key):
    sealed = encrypted(SECRET, public(key), OCG_22, BINARY, UTC)
    assert decrypted(sealed, private(key), OCG_22, BINARY, UTC + dt.timedelta(seconds=seconds)) is None


def test_a_password_without_its_time_opens_nothing_in_the_binary_protocol(key):
    sealed = encrypted(SECRET, public(key), OCG_22, FIX, UTC)
    assert decrypted(sealed, private(key), OCG_22, BINARY, UTC) is None


def test_oaep_opens_where_the_profile_has_it(key):
    oaep = replace(OCG_3, password_paddings=(Padding.OAEP,))
    sealed = encrypted(SECRET, public(key), oaep, BINARY, UTC)
    assert decrypted(sealed, private(key), OCG_3, BINARY, UTC) == SECRET


def test_what_was_made_for_another_key_is_not_the_password(key):
    sealed = encrypted(SECRET, public(rsa.generate_private_key(65537, 2048)), OCG_22, BINARY, UTC)
    assert decrypted(sealed, private(key), OCG_22, BINARY, UTC) is None


@pytest.mark.parametrize("text", ["", "no base64 !", "QUJD", "é"])
def test_what_is_no_sealed_password_opens_nothing(text, key):
    assert decrypted(text, private(key), OCG_22, BINARY, UTC) is None


@pytest.mark.parametrize(
    ("pem", "expected", "came"),
    [
        (b"no key", "a public key in PEM", "ValueError"),
        (public(ec.generate_private_key(ec.SECP256R1())), "RSA of 2048 bits", "ECPublicKey of 256 bits"),
        (public(ed25519.Ed25519PrivateKey.generate()), "RSA of 2048 bits", "Ed25519PublicKey of ? bits"),
        (public(rsa.generate_private_key(65537, 1024)), "RSA of 2048 bits", "RSAPublicKey of 1024 bits"),
    ],
    ids=["noise", "elliptic curve", "Edwards curve", "1024 bits"],
)
def test_another_key_than_rsa_of_2048_bits_is_a_fault_of_the_user(pem, expected, came):
    with pytest.raises(UsageFault) as fault:
        encrypted(SECRET, pem, OCG_22, BINARY, UTC)
    next_step = "name the public key (PEM, RSA of 2048 bits) that the exchange has given out"
    assert str(fault.value) == compose("gateway's public key", expected=expected, came=came, next_step=next_step)


@pytest.mark.parametrize("text", ["Ab123456", "aaaaaaa1", "1234567Z"])
def test_eight_letters_and_digits_comply(text):
    assert mistakes(Password(text), [], OCG_22) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ab12345", ["expected 8 characters, came 7"]),
        ("Ab1234567", ["expected 8 characters, came 9"]),
        ("Ab-12345", ["expected letters and digits only"]),
        ("Ab12345é", ["expected letters and digits only"]),
        ("abcdefgh", ["expected letters and digits, both"]),
        ("12345678", ["expected letters and digits, both"]),
        ("abc", ["expected 8 characters, came 3", "expected letters and digits, both"]),
        ("", ["expected 8 characters, came 0", "expected letters and digits only"]),
    ],
)
def test_another_password_does_not_comply_and_is_not_shown(text, told):
    assert mistakes(Password(text), [], OCG_22) == told


def test_one_of_the_last_five_does_not_comply():
    last = [Password(f"Abcdefg{number}") for number in range(6)]
    assert mistakes(Password("Abcdefg0"), last, OCG_22) == []
    assert mistakes(Password("Abcdefg1"), last, OCG_22) == ["expected none of the last 5"]


def test_passwords_are_the_same_where_their_texts_are_and_nothing_else_is():
    assert Password("Ab123456") == SECRET
    assert Password("Ab123457") != SECRET
    assert SECRET != "Ab123456"
    assert len({SECRET, Password("Ab123456"), "Ab123456"}) == 2


@pytest.mark.parametrize(
    "plain",
    [
        b"20231125013000",
        b"Ab123456",
        b"2023112501300",
        b"20231125013000\n",
        b"99999999999999Ab123456",
        b"2023112501300xAb123456",
    ],
)
def test_what_was_sealed_without_a_time_or_a_password_opens_nothing(plain, key):
    sealed = base64.b64encode(key.public_key().encrypt(plain, padding.PKCS1v15())).decode()
    assert decrypted(sealed, private(key), OCG_22, BINARY, UTC) is None


@pytest.mark.parametrize("plain", [b"", b"\xe9", b"Ab12345\n"])
def test_what_is_no_printable_text_is_no_password(plain, key):
    sealed = base64.b64encode(key.public_key().encrypt(plain, padding.PKCS1v15())).decode()
    assert decrypted(sealed, private(key), OCG_22, FIX, UTC) is None


@pytest.mark.parametrize("shown", [repr, str, "{}".format, lambda each: f"{each!r}", lambda each: str([each])])
def test_a_password_is_never_shown(shown):
    assert "123456" not in shown(SECRET)


def test_a_password_is_shown_as_dots():
    assert repr(SECRET) == "•••"


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy])
def test_a_password_is_written_nowhere(write):
    with pytest.raises(TypeError, match=r"^a password is not written anywhere$"):
        write(SECRET)
