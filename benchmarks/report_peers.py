"""The reports of other tools for the same scenarios: Allure's results, behave's HTML, Robot Framework's log.

They are no dependencies of ours. ``--peers`` names a Python they are installed in; what is not there is named, not
measured. Allure's results are no report yet, its own program makes one of them, so only the run and its bytes count.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks import generated
from benchmarks.measure import Cost, cost_of

ALLURE, BEHAVE, ROBOT = "allure-pytest-bdd", "behave-html-formatter", "robotframework"
MODULES = {ALLURE: "allure_pytest_bdd", BEHAVE: "behave_html_formatter", ROBOT: "robot"}
ROBOT_KEYWORDS = """\
*** Keywords ***
The number
    [Arguments]    ${value}
    Set Test Variable    ${number}    ${value}

It is doubled
    ${doubled} =    Evaluate    int($number) * 2
    Set Test Variable    ${doubled}

The double is right
    Should Be Equal As Integers    ${doubled}    ${{int($number) + int($number)}}
"""


def installed(python: Path | None) -> list[str]:
    """Return which of them a Python has; none without one."""
    if python is None:
        return []
    code = "import importlib.util, sys; sys.exit(not importlib.util.find_spec(sys.argv[1]))"
    asked = {tool: subprocess.run([python, "-c", code, module], check=False) for tool, module in MODULES.items()}
    return [tool for tool, answer in asked.items() if not answer.returncode]


def made(python: Path, tool: str, scenarios: int, folder: Path) -> tuple[Path, Cost]:
    """Run so many scenarios and return what the tool left, a page or a folder of results, and what the run cost."""
    if tool == ALLURE:
        generated.pytest_bdd(folder, scenarios, 0)
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--alluredir=results"]
        proof, left = f"{scenarios} passed", "results"
    elif tool == BEHAVE:
        generated.behave(folder, scenarios, 0)
        page = ["-f", "behave_html_formatter:HTMLFormatter", "-o", "report.html"]
        command, proof, left = [python, "-m", "behave", *page], f"{scenarios} scenarios passed", "report.html"
    else:
        cases = "".join(
            f"Number {number} is doubled\n    The number    {number}\n    It is doubled\n    The double is right\n\n"
            for number in range(scenarios)
        )
        folder.joinpath("numbers.robot").write_text(f"*** Test Cases ***\n{cases}{ROBOT_KEYWORDS}", "utf-8")
        command, proof, left = [python, "-m", "robot", "numbers.robot"], f"{scenarios} passed", "log.html"
    cost, _ = cost_of(command, folder, lambda printed: proof in printed)
    return folder / left, cost


def size(left: Path) -> int:
    """Return the bytes of what a tool left."""
    files = left.rglob("*") if left.is_dir() else [left]
    return sum(each.stat().st_size for each in files if each.is_file())
