"""``hkexprt run``: what ships, without a project."""

from __future__ import annotations

from tests.commands import hkexprt


def test_a_circular_runs_in_an_empty_folder_and_leaves_its_evidence_there(tmp_path):
    done = hkexprt(tmp_path, "run", "rap", "--site", "secondary")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed: " in done.stdout
    assert "warning" not in done.stdout
    assert len(list(tmp_path.glob("reports/*/report.html"))) == 1


def test_a_feature_is_run_by_its_name(tmp_path):
    done = hkexprt(tmp_path, "run", "rap_network", "--site=primary", "-v")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "When every address of the site is dialled over the line" in done.stdout


def test_a_circular_is_run_by_its_reference(tmp_path):
    done = hkexprt(tmp_path, "run", "CD/OEC/SEOCH/073/2023", "--collect-only", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rap.feature::A Clearing Participant retrieves its reports" in done.stdout


def test_a_drill_fails_with_pytests_own_status(tmp_path):
    done = hkexprt(tmp_path, "run", "rap_network", "--site=primary", "--drill", "network.address-refused")
    assert done.returncode == 1
    assert "addresses that accept connections" in done.stdout


def test_settings_and_conftest_of_the_folder_are_not_read(tmp_path):
    tmp_path.joinpath("pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    tmp_path.joinpath("conftest.py").write_text("raise RuntimeError('read')\n")
    done = hkexprt(tmp_path, "run", "rap_network", "--site=primary")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_name_is_told_the_right_ones(tmp_path):
    done = hkexprt(tmp_path, "run", "rup")
    assert (done.returncode, done.stdout) == (2, "")
    assert "rup (did you mean rap?)" in done.stderr


def test_a_wrong_site_is_wrong_use(tmp_path):
    done = hkexprt(tmp_path, "run", "rap", "--site=tertiary")
    assert done.returncode == 4
    assert "--site" in done.stderr


def test_live_without_a_participant_file_is_wrong_use(tmp_path):
    done = hkexprt(tmp_path, "run", "rap", "--target=live")
    assert done.returncode == 4
    assert "expected: a participant file" in done.stderr


def test_a_selection_of_nothing_is_no_pass(tmp_path):
    assert hkexprt(tmp_path, "run", "rap", "-k", "nosuch").returncode == 5
