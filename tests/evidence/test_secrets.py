"""Secrets planted in every input, and looked for in every file and on the terminal."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from pytest_hkexprt.evidence.redact import MASK, Redactor
from pytest_hkexprt.model import Secret
from tests.projects import FEATURE, PARTICIPANT, feature_project

VARIABLE = "geheim-from-environment"
LISTED = "geheim-listed-by-name"
TEXT = "geheim-listed-as-text"
LEARNT = 'geheim "learnt" \\ by a client'
SECRETS = (VARIABLE, LISTED, TEXT, "geheim", "aGVpbWxpY2gtdGhlLWtleQ")

STEPS = f"""
import logging, os, sys, warnings
import pytest
from pytest_bdd import given, then, when, parsers
from pytest_hkexprt.evidence.record import Check
from pytest_hkexprt.model import Endpoint, Secret, Site

LEARNT = {LEARNT!r}
EVERYTHING = " ".join([
    os.environ["UPSTREAM_PASSWORD"], os.environ["LINE_CODE"], {TEXT!r}, LEARNT,
    "35=A\\x01554=geheim-fix\\x0198=0", "35=A|1402=Z2VoZWltheim|10=000", "ftp://user:geheim-url@host/",
    "Authorization: Bearer geheim.bearer.token", "password='geheim-argument'",
    "-----BEGIN OPENSSH PRIVATE KEY-----\\naGVpbWxpY2gtdGhlLWtleQ\\n-----END OPENSSH PRIVATE KEY-----",
])

@pytest.fixture
def taught(hkex_evidence):
    hkex_evidence.redactor.learn(Secret(LEARNT))
    return hkex_evidence

@given("a number", target_fixture="number")
def _(taught):
    endpoint = Endpoint("rap", Site.SECONDARY, "127.0.0.1", 22)
    taught.exchange(endpoint, "banner " + EVERYTHING, {{"page " + EVERYTHING: EVERYTHING}})
    taught.keep(EVERYTHING + ".html", EVERYTHING.encode())
    taught.notice(EVERYTHING)
    warnings.warn(EVERYTHING)
    logging.getLogger().error(EVERYTHING)
    print(EVERYTHING)
    print(EVERYTHING, file=sys.stderr)

@when("it is doubled")
def _(taught):
    taught.check(Check(what="x", where="x", expected=EVERYTHING, came=EVERYTHING, met=True, details=(EVERYTHING,)))

@then(parsers.parse("it is {{n:d}}"))
def _(n, taught):
    local = EVERYTHING
    try:
        raise ValueError(EVERYTHING)
    except ValueError as error:
        HOW
"""
HOWS = {
    "an error": "raise RuntimeError([local]) from error",
    "an assertion": "assert local == [local]",
    "a failure": "pytest.fail(local)",
    "a skip": "pytest.skip(local)",
    "an unmet check": "taught.check(Check(what='x', where=local, expected=local, came=local, met=False))",
    "a bare exit": "raise SystemExit(local)",
    "an error of ours": "from pytest_hkexprt.errors import Unreachable; raise Unreachable(local, came=local)",
    "an interrupt": "raise KeyboardInterrupt(local)",
}


@pytest.fixture
def planted(pytester, monkeypatch):
    """Return a function that runs a project full of secrets and returns what its terminal showed."""
    monkeypatch.setenv("UPSTREAM_PASSWORD", VARIABLE)
    monkeypatch.setenv("LINE_CODE", LISTED)
    lines = f'[evidence]\nhide = ["{TEXT}"]\nhide_env = ["LINE_CODE"]\n'
    pytester.path.joinpath("hkexprt.toml").write_text(PARTICIPANT + lines, "utf-8")

    def run(how: str, *arguments: str) -> bytes:
        feature_project(pytester, FEATURE, STEPS.replace("HOW", how))
        options = ("-v", "-rA", "--showlocals", "--junitxml=j.xml", "--html=h.html", "--self-contained-html")
        result = pytester.runpytest_subprocess(
            *options,
            "--cucumber-json=c.json",
            "--cucumber-messages=c.ndjson",
            "--alluredir=a",
            *arguments,
            "own.feature",
        )
        return ("\n".join([*result.outlines, *result.errlines])).encode()

    return run


def written(folder: Path) -> dict[str, bytes]:
    """Return every file a run wrote, those in zip files too, but for the test's own sources."""
    found = {}
    for path in folder.rglob("*"):
        ours = path.name in ("conftest.py", "hkexprt.toml", "stdout", "stderr") or "__pycache__" in path.parts
        if path.is_file() and not ours:
            found[str(path.relative_to(folder))] = path.read_bytes()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as zipped:
                    found |= {f"{path.name}:{name}": zipped.read(name) for name in zipped.namelist()}
    return found


@pytest.mark.parametrize("how", HOWS)
def test_no_secret_reaches_a_file_or_the_terminal(planted, pytester, how):
    terminal = planted(HOWS[how])
    files = written(pytester.path)
    assert {"j.xml", "h.html", "c.json", "c.ndjson"} <= files.keys() or how == "an interrupt"
    assert any(name.startswith("a/") for name in files) or how == "an interrupt"
    assert any(name.endswith("evidence.jsonl") for name in files)
    for name, content in {**files, "the terminal": terminal}.items():
        for secret in SECRETS:
            assert secret.encode() not in content, f"{secret} in {name}: {around(content, secret)}"


def test_under_xdist_no_secret_reaches_a_file_or_the_terminal(planted, pytester):
    terminal = planted(HOWS["an error"], "-n1")
    for name, content in {**written(pytester.path), "the terminal": terminal}.items():
        for secret in SECRETS:
            assert secret.encode() not in content, f"{secret} in {name}: {around(content, secret)}"


def test_what_was_planted_would_have_been_found(planted, pytester):
    planted(HOWS["an error"])
    (journal,) = (
        content
        for name, content in written(pytester.path).items()
        if name.endswith("/evidence.jsonl") and ":" not in name
    )
    assert journal.count(MASK.encode()) > 50


def test_a_key_a_client_uses_is_known_by_each_of_its_lines(tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", tmp_path / "key"], check=True)
    lines = (tmp_path / "key").read_text().splitlines()
    redactor = Redactor([Secret("\n".join(lines))])
    assert redactor.text(f"found {lines[3]} there") == f"found {MASK} there"


@pytest.mark.parametrize(
    "harmless",
    [
        "expected the key's passphrase in the environment variable RAP_PASSPHRASE",
        "https://www.hkex.com.hk/x?y=z",
        "a token of appreciation, a secret wish",
        "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "35=A|553=USER01|98=0",
        "basic auth",
    ],
)
def test_ordinary_text_is_left_as_it_is(harmless):
    assert Redactor().text(harmless) == harmless


def test_a_short_variable_named_like_a_secret_does_not_blacken_the_evidence():
    redactor = Redactor()
    redactor.learn_environment({"USE_TOKEN": "true", "PASSWORD": "test"})
    assert redactor.text("true, a test") == "true, a test"


@pytest.mark.parametrize("spelt", ["it's%20geheim%21", "it's geheim!", "it%27s%20geheim%21"])
def test_a_secret_is_found_as_it_is_quoted_in_an_address_or_a_literal(spelt):
    secret = "it's geheim!"
    shown = Redactor([Secret(secret)]).text(spelt)
    assert (MASK in shown) == (spelt in (secret, "it%27s%20geheim%21"))


def around(content: bytes, secret: str) -> bytes:
    place = content.index(secret.encode())
    return content[max(0, place - 80) : place + 40]
