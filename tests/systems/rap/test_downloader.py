from __future__ import annotations

import pytest

from pytest_hkexprt.errors import Unmet, UsageFault
from pytest_hkexprt.evidence.journal import Journal, read
from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import downloader
from pytest_hkexprt.systems.rap.visit_downloader import DownloaderVisit
from tests.systems.told import told

SITES = {
    Site.PRIMARY: [Endpoint("rap", Site.PRIMARY, f"10.151.14.{last}", 10022) for last in (121, 122)],
    Site.SECONDARY: [
        Endpoint("rap", Site.SECONDARY, "10.152.14.121", 10022),
        Endpoint("rap", Site.SECONDARY, "RAP-dr.example", 10022),
    ],
}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "downloader.ini"


def check(file, text, site=Site.PRIMARY):
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return downloader.check([file], downloader.mentions([file], SITES), site)


def test_the_sites_addresses_are_found_with_file_and_line(file):
    found = check(file, "[sftp]\nhosts = 10.151.14.121:10022, 10.151.14.122\n")
    assert found.met
    assert found.details == (
        "downloader.ini:2: 10.151.14.121:10022 (primary)",
        "downloader.ini:2: 10.151.14.122 (primary)",
    )


def test_the_other_sites_address_is_found_wanting(file):
    found = check(file, "host1=10.151.14.121\nhost2=10.152.14.121\n")
    assert not found.met
    assert "downloader.ini:2: 10.152.14.121 (secondary)" in found.details


def test_a_file_without_an_address_is_found_wanting(file):
    found = check(file, "host=192.0.2.1\n")
    assert (found.met, found.details) == (False, ("downloader.ini: no address of the primary site",))


def test_each_of_several_files_must_have_one(file, tmp_path):
    file.write_text("host=10.151.14.121\n")
    other = tmp_path / "other.xml"
    other.write_text("<host/>\n")
    files = [file, other]
    assert not downloader.check(files, downloader.mentions(files, SITES), Site.PRIMARY).met


@pytest.mark.parametrize("sign", ["#", "  ;", "//", "--", "<!--", "REM "])
def test_a_line_of_comment_does_not_count_and_is_told(file, sign):
    found = check(file, f"host=10.151.14.121\n{sign} host=10.152.14.121\n")
    assert found.met
    assert found.details[1].endswith("(secondary, in a comment)")


@pytest.mark.parametrize("text", ["110.151.14.121", "10.151.14.1210", "x-10.151.14.121", "10.151.14.121.example"])
def test_part_of_another_address_is_none(file, text):
    assert not check(file, f"host={text}\n").met


@pytest.mark.parametrize(
    "text", ['"10.151.14.121"', "sftp://u@10.151.14.121/in", "10.151.14.121.", "<a>10.151.14.121</a>"]
)
def test_an_address_is_found_in_any_text(file, text):
    assert check(file, f"host={text}\n").met


def test_another_port_is_found_wanting(file):
    found = check(file, "host=10.151.14.121:22\n")
    assert not found.met
    assert found.details[0].endswith("(primary, another port)")


def test_a_name_is_found_whatever_its_case(file):
    assert check(file, "host=rap-DR.example\n", Site.SECONDARY).met


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_any_usual_encoding_is_read(file, encoding):
    assert check(file, "name=é\r\nhost=10.151.14.121\r\n".encode(encoding)).met


def test_a_file_that_is_not_there_is_told(file):
    with pytest.raises(UsageFault, match=r"downloader\.ini"):
        downloader.mentions([file], SITES)


def test_the_line_itself_is_not_told(file):
    found = check(file, "host=10.152.14.121 password=hunter2\n")
    assert "hunter2" not in repr(found)


def visit(file, journal) -> DownloaderVisit:
    def omit(reason):
        raise LookupError(reason)

    return DownloaderVisit([file] if file else [], journal, sites=SITES, omit=omit)


def test_before_a_rehearsed_session_the_files_are_noted_and_not_judged(file, tmp_path):
    file.write_text("host=10.151.14.121\n")
    with Journal(tmp_path / "evidence.jsonl", rehearsal=True) as journal:
        visit(file, journal).look_before(Site.SECONDARY)
    assert journal.checks == 0
    (line,) = read(tmp_path / "evidence.jsonl")
    assert "downloader.ini:1: 10.151.14.121 (primary)" in line.record.text


def test_before_a_live_session_the_files_are_judged(file):
    file.write_text("host=10.151.14.121\n")
    with pytest.raises(Unmet, match="addresses of the secondary site in each file"):
        visit(file, Journal(None)).look_before(Site.SECONDARY)


def test_without_a_file_nothing_is_looked_at_before_a_session():
    journal = Journal(None)
    visit(None, journal).look_before(Site.SECONDARY)
    assert journal.checks == 0


def test_without_a_file_the_last_check_is_omitted_with_its_reason():
    with pytest.raises(LookupError, match="names no file"):
        visit(None, Journal(None)).check_production()


def test_a_check_of_the_files_is_told_whole(file, tmp_path):
    file.write_text("host1=10.151.14.121\nhost2=10.152.14.121\nhost3=10.151.14.121:22\n# 10.152.14.121\n")
    other = tmp_path / "other.xml"
    other.write_text("<host/>")
    files = [file, other]
    assert told(downloader.check(files, downloader.mentions(files, SITES), Site.PRIMARY)) == "\n".join(
        [
            "[rap.downloader] downloader.ini, other.xml: addresses in the downloader's configuration: not met",
            "expected addresses of the primary site in each file, and none of the secondary site",
            "came 1 of the primary site's, 2 that should not be there",
            "  downloader.ini:1: 10.151.14.121 (primary)",
            "  downloader.ini:2: 10.152.14.121 (secondary)",
            "  downloader.ini:3: 10.151.14.121:22 (primary, another port)",
            "  downloader.ini:4: 10.152.14.121 (secondary, in a comment)",
            "  other.xml: no address of the primary site",
            "next put the primary site's addresses into the file, and take others out",
        ]
    )


def test_files_as_they_should_be_are_told_by_how_many_addresses_they_have(file):
    assert check(file, "host=10.151.14.121\n").came == "1 of the primary site's"


def test_files_without_any_address_are_told_so(file):
    assert check(file, "").came == "none of the primary site's"


def test_without_a_file_nothing_is_proved():
    assert not downloader.check([], [], Site.PRIMARY).met


def test_a_file_that_is_not_there_is_told_whole(file):
    with pytest.raises(UsageFault) as caught:
        downloader.mentions([file], SITES)
    assert str(caught.value) == "\n".join(
        [
            f"[rap.downloader] files: {file}",
            "  expected: a readable file",
            "  came:     No such file or directory",
            "  next:     name the downloader's configuration as it is, relative to hkexprt.toml",
        ]
    )


def test_one_address_has_each_of_its_ports(file):
    file.write_text("10.151.14.121:1 10.151.14.121:2 10.151.14.121:3")
    sites = {Site.PRIMARY: [Endpoint("rap", Site.PRIMARY, "10.151.14.121", port) for port in (1, 2)]}
    assert [each.wrong_port for each in downloader.mentions([file], sites)] == [False, False, True]


@pytest.mark.parametrize("text", ["rem 10.151.14.121", "  -- 10.151.14.121"])
def test_a_remark_is_no_address_in_use(file, text):
    assert not check(file, text).met


def test_a_line_that_only_looks_like_a_remark_is_none(file):
    assert check(file, "remote=10.151.14.121").met


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_either_order_of_utf16_is_read(file, encoding):
    assert check(file, "\ufeffhost=10.151.14.121".encode(encoding)).met
