"""What ``hkexprt doctor`` says of an object or a program in our client's place, and what to do."""

from __future__ import annotations

import inspect
import os
import sys
import tomllib
from pathlib import Path

import pytest

from pytest_hkexprt import circular, command, shipped
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.finding import Finding, State
from pytest_hkexprt.model import Participant
from pytest_hkexprt.systems.omd import client_doctor as omd_doctor
from pytest_hkexprt.systems.omd import seam as omd_seam
from pytest_hkexprt.systems.omd import settings as omd_settings
from pytest_hkexprt.systems.omd.client import Client as OmdClient
from pytest_hkexprt.systems.otp import client_doctor as otp_doctor
from pytest_hkexprt.systems.otp import seam as otp_seam
from pytest_hkexprt.systems.otp import settings as otp_settings
from pytest_hkexprt.systems.otp.client import Client as OtpClient
from pytest_hkexprt.systems.rap import client_doctor as rap_doctor
from pytest_hkexprt.systems.rap import seam as rap_seam
from pytest_hkexprt.systems.rap import settings as rap_settings
from pytest_hkexprt.systems.rap.client import Client as RapClient

CIRCULAR = circular.find("backbone_prt")
DOCTORS = {"rap": rap_doctor, "otp": otp_doctor, "omd": omd_doctor}
OF_OURS = {
    "rap": "from pytest_hkexprt.systems.rap.client import Client",
    "otp": "from pytest_hkexprt.systems.otp.client import Client",
    "omd": "from pytest_hkexprt.systems.omd.client import Client",
}
MODULE = """
{ours}

class Whole(Client):
    pass

class Front:
    def __init__(self, *args, **more):
        self.inner = Client(*args, **more)
    def __getattr__(self, name):
        return getattr(self.inner, name)

class Half:
    def __init__(self, *args, **more):
        pass
    def join(self): ...
    def logon(self): ...
    def login(self): ...

def make(*args, **more):
    return Client(*args, **more)

def narrow(endpoint):
    return None
"""
PROGRAMS = {"rap": {"list": None, "get": None}, "otp": {"command": None}, "omd": {"command": None}}


@pytest.fixture(params=DOCTORS)
def system(request) -> str:
    return request.param


@pytest.fixture
def project(tmp_path, system, request):
    """A project whose own module has a name of its own for each test: an imported module stays."""
    name = f"standing_in_{system}_{abs(hash(request.node.name))}"
    (tmp_path / f"{name}.py").write_text(MODULE.format(ours=OF_OURS[system]), "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n", "utf-8")
    yield tmp_path, name
    sys.modules.pop(name, None)


def examined(system: str, folder: Path, table: dict[str, object]) -> dict[str, Finding]:
    more = {"user": "U", "key": "key", "known_hosts": "known"} if system == "rap" else {}
    who = Participant("P", path=folder / "hkexprt.toml", systems={system: more | table})
    return {each.subject: each for each in DOCTORS[system].examine(who, CIRCULAR)}


def of_adapter(system: str, project: tuple[Path, str], name: str) -> Finding:
    folder, module = project
    before = list(sys.path)
    finding = examined(system, folder, {"adapter": f"{module}:{name}"})[f"[{system}] adapter"]
    assert sys.path == before
    return finding


@pytest.mark.parametrize(
    ("name", "told"), [("Whole", "has every verb"), ("Front", "when it is made"), ("make", "made")]
)
def test_an_object_that_can_stand_in_is_good(system, project, name, told):
    finding = of_adapter(system, project, name)
    assert finding.state is State.GOOD
    assert told in finding.text


@pytest.mark.parametrize(
    ("name", "told", "remedy"),
    [
        ("Whloe", "did you mean Whole", "write module:name"),
        ("narrow", "(endpoint)", "take *args and **kwargs"),
        ("Half", "has no ", "says what each is to do"),
    ],
)
def test_an_object_that_cannot_is_a_problem_with_its_remedy(system, project, name, told, remedy):
    finding = of_adapter(system, project, name)
    assert finding.state is State.PROBLEM
    assert told in finding.text
    assert remedy in finding.remedy


def test_a_module_that_is_not_to_be_found_is_a_problem(system, project):
    folder, name = project
    (folder / "pytest.ini").unlink()
    finding = examined(system, folder, {"adapter": f"{name}:Whole"})[f"[{system}] adapter"]
    assert finding.state is State.PROBLEM
    assert "No module named" in finding.text
    assert "pythonpath" in finding.remedy


@pytest.mark.parametrize("system", ["otp"], indirect=True)
def test_a_module_that_breaks_as_it_is_imported_is_a_problem(system, project):
    folder, name = project
    (folder / f"{name}.py").write_text("1 / 0\n", "utf-8")
    finding = of_adapter(system, project, "Whole")
    assert finding.state is State.PROBLEM
    assert "ZeroDivisionError: division by zero" in finding.text
    assert f"import {name} by hand" in finding.remedy


@pytest.mark.parametrize("system", ["otp"], indirect=True)
@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[tool.pytest.ini_options]\npythonpath = ["lib"]\n'),
        ("pyproject.toml", '[tool.pytest]\npythonpath = ["lib"]\n'),
        ("pytest.toml", '[pytest]\npythonpath = ["lib"]\n'),
        ("setup.cfg", "[tool:pytest]\npythonpath = src lib\n"),
        ("tox.ini", "[pytest]\npythonpath = lib\n"),
    ],
)
def test_modules_are_looked_for_where_pytest_does(system, project, file, text):
    folder, name = project
    (folder / "pytest.ini").unlink()
    (folder / "lib").mkdir()
    (folder / f"{name}.py").rename(folder / "lib" / f"{name}.py")
    (folder / file).write_text(text, "utf-8")
    assert of_adapter(system, project, "Whole").state is State.GOOD


@pytest.mark.parametrize("system", ["otp"], indirect=True)
def test_a_conftest_brings_its_own_folder(system, project):
    folder, _ = project
    (folder / "pytest.ini").write_text("[pytest\n", "utf-8")  # pytest itself says what is wrong with it
    (folder / "conftest.py").touch()
    assert of_adapter(system, project, "Whole").state is State.GOOD


@pytest.mark.parametrize(
    ("words", "told", "remedy"),
    [
        (["no-such-program"], "no program 'no-such-program' on the path", "install it"),
        (["./absent"], "no file ", "relative to hkexprt.toml"),
        (["./plain"], "plain cannot be executed", "chmod +x"),
        (["sh", "absent.sh", "x"], "absent.sh", "relative to hkexprt.toml"),
    ],
)
def test_a_program_that_cannot_be_started_is_a_problem(system, tmp_path, words, told, remedy):
    tmp_path.joinpath("plain").touch()
    for key in PROGRAMS[system]:
        finding = of_program(system, tmp_path, words)[f"[{system}.program] {key}"]
        assert finding.state is State.PROBLEM
        assert told in finding.text
        assert remedy in finding.remedy


@pytest.mark.parametrize("words", [["sh", "there.sh"], ["./there.sh"], [sys.executable, "-u", "there.sh"]])
def test_a_program_that_can_be_started_is_good(system, tmp_path, words):
    tmp_path.joinpath("there.sh").touch(0o755)
    for key in PROGRAMS[system]:
        assert of_program(system, tmp_path, words)[f"[{system}.program] {key}"].state is State.GOOD


def of_program(system: str, folder: Path, words: list[str]) -> dict[str, Finding]:
    return examined(system, folder, {"program": dict.fromkeys(PROGRAMS[system], words)})


# ---------------------------------------------------------------------- the table


@pytest.mark.parametrize(
    ("module", "text", "told"),
    [
        (otp_settings, "[program]", r"\[otp.program\] command: missing"),
        (omd_settings, "[program]\ncommand = []", r"\[omd.program\] command: no word in it"),
        (otp_settings, '[program]\ncommand = ["x", "{comp}"]', r"{comp} stands for nothing.*did you mean comp_id"),
        (omd_settings, '[program]\ncommand = ["x", "{password}"]', r"{password} stands for nothing"),
        (otp_settings, '[program]\ncommand = ["x"]\ntimeout = 5', r"timeout: unknown key \(did you mean timeout_s"),
        (omd_settings, 'adapter = "a:b"\n[program]\ncommand = ["x"]', r"\[omd\] adapter: there is a \[omd.program\]"),
        (otp_settings, 'adapter = "a:b"\n[program]\ncommand = ["x"]', r"\[otp\] adapter: there is a \[otp.program\]"),
        (otp_settings, 'program = "x"', r"\[otp\] program: expected a table"),
    ],
)
def test_a_mistake_in_the_table_is_told_with_its_place(module, text, told):
    with pytest.raises(UsageFault, match=told):
        module.read(tomllib.loads(text), Path("/somewhere/hkexprt.toml"))


@pytest.mark.parametrize("module", [rap_settings, otp_settings, omd_settings])
def test_the_examples_program_is_read(module):
    system = module.__name__.split(".")[-2]
    _, _, rest = shipped.example_participant().read_text("utf-8").partition(f"# [{system}.program]")
    lines = [line.removeprefix("# ") for line in rest.splitlines()[1:4] if line.startswith("# ") and line[2] != "["]
    more = {"user": "U", "key": "key", "known_hosts": "known"} if system == "rap" else {}
    read = module.read(more | {"program": tomllib.loads("\n".join(lines))}, Path("/somewhere/hkexprt.toml"))
    assert read.program.folder == Path("/somewhere")
    assert read.program.timeout_s == (120 if system == "rap" else 60)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("python3", "ours/gateway.py", "x"), "gateway.py"),
        (("java", "-jar", "our.jar"), "our.jar"),
        (("/opt/bin/ours", "a"), "ours"),
    ],
)
def test_evidence_calls_a_program_by_what_is_the_vendors(words, name):
    assert command.Command(words, Path()).name == name


@pytest.mark.parametrize(
    ("seam", "ours", "not_given"),
    [(rap_seam, RapClient, {"pauses_s"}), (otp_seam, OtpClient, set()), (omd_seam, OmdClient, set())],
)
def test_what_an_object_is_given_is_what_our_client_takes(seam, ours, not_given):
    named = {each.name for each in inspect.signature(ours).parameters.values() if each.kind is each.KEYWORD_ONLY}
    assert set(seam.MADE_WITH) == named - not_given


def test_a_relative_path_is_the_participant_files(tmp_path, monkeypatch):
    tmp_path.joinpath("ours").touch(0o755)
    monkeypatch.chdir(os.sep)
    assert command.examine("[otp.program] command", ["./ours"], tmp_path).state is State.GOOD
