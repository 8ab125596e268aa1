from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.rap import baseline, checks
from pytest_hkexprt.systems.rap.facts import Dialled, Download, Logout
from tests.systems.rap.samples import FRIDAY, USER, listing, loopback, report

FIRST, SECOND = (replace(endpoint, port=10022) for endpoint in loopback())
OTHERS = tuple(replace(endpoint, port=10022) for endpoint in loopback(Site.PRIMARY))


def before(*reports):
    return baseline.of(
        listing(*reports, site=Site.PRIMARY), user=USER, business_date=FRIDAY, host_key="", tool_version="1"
    )


def dialled(*dials):
    return checks.addresses(dials, (FIRST, SECOND), OTHERS)


def test_both_addresses_answering_is_met():
    assert dialled(Dialled(FIRST, FIRST.address), Dialled(SECOND, SECOND.address)).met


def test_one_address_refusing_is_met_and_named():
    check = dialled(Dialled(FIRST, "", "connection refused"), Dialled(SECOND, SECOND.address))
    assert check.met and any(f"{FIRST} did not answer: connection refused" in line for line in check.details)


def test_no_address_answering_is_not_met():
    assert not dialled(Dialled(FIRST, "", "refused"), Dialled(SECOND, "", "refused")).met


def test_an_address_that_was_not_tried_is_not_met():
    assert not dialled(Dialled(FIRST, FIRST.address)).met


def test_a_peer_of_the_other_site_is_not_met():
    check = dialled(Dialled(FIRST, OTHERS[0].address), Dialled(SECOND, SECOND.address))
    assert not check.met and f"{OTHERS[0].address} is an address of the other site" in check.details


def test_the_other_sites_address_configured_for_this_site_is_not_met():
    check = checks.addresses([Dialled(OTHERS[0], OTHERS[0].address)], OTHERS[:1], OTHERS)
    assert not check.met


def test_a_peer_that_is_nobodys_is_not_met():
    assert not dialled(Dialled(FIRST, "192.0.2.1:10022"), Dialled(SECOND, SECOND.address)).met


def test_a_host_given_by_name_is_met_at_the_address_it_has():
    named = replace(FIRST, host="rap.example")
    assert checks.addresses([Dialled(named, "192.0.2.1:10022")], [named], OTHERS).met


def test_the_same_files_are_unchanged():
    assert checks.unchanged(before(report("a"), report("b")), listing(report("b"), report("a"))).met


def test_a_missing_file_is_counted_and_named():
    check = checks.unchanged(before(report("a"), report("b")), listing(report("a")))
    assert (check.met, check.expected, check.came, check.details) == (
        False,
        "2 files as on 2023-04-14 (taken at primary)",
        "1 files",
        ("missing b",),
    )


def test_a_new_file_is_named():
    assert checks.unchanged(before(report("a")), listing(report("a"), report("b"))).details == ("new b",)


def test_as_many_files_under_other_names_are_not_unchanged():
    check = checks.unchanged(before(report("a")), listing(report("b")))
    assert not check.met and check.came == "1 files, but not the same ones"


def test_a_file_of_another_size_is_not_unchanged():
    check = checks.unchanged(before(report("a", 1)), listing(report("a", 2)))
    assert not check.met and check.details == ("another size: a (1 bytes then, 2 bytes now)",)


def test_an_empty_folder_that_was_empty_is_unchanged():
    assert checks.unchanged(before(), listing()).met


def test_a_report_that_is_there_is_named():
    assert checks.present(listing(report("TP001_1")), "TP001", "*TP001*").came == "TP001_1"


def test_a_report_that_is_not_there_names_the_nearest():
    check = checks.present(listing(report("TP001_1")), "TP002", "*TP002*")
    assert not check.met and check.details == ("nearest names: TP001_1",)


def test_a_folder_with_a_report_has_reports_available():
    assert checks.available(listing(report("TP001_20230414.csv"))).met


def test_an_empty_folder_has_no_report_available():
    assert not checks.available(listing()).met


def test_several_reports_that_fit_are_told():
    check = checks.present(listing(report("TP001_a", day=13), report("TP001_b")), "TP001", "*TP001*")
    assert check.met and "2 files fit, the newest is taken; the others: TP001_a" in check.details


def test_a_download_of_the_listed_size_is_met():
    assert checks.download_matches(Download(report("a", 3), Path("a"), 3, "00"), FIRST).met


def test_a_download_of_another_size_is_not_met():
    assert not checks.download_matches(Download(report("a", 3), Path("a"), 2, "00"), FIRST).met


def test_a_server_that_keeps_its_side_open_is_not_met():
    assert not checks.closed_on_both_sides(Logout(FIRST, closed_here=True, closed_there=False, took_s=5)).met


def test_a_connection_closed_on_both_sides_is_met():
    assert checks.closed_on_both_sides(Logout(FIRST, closed_here=True, closed_there=True, took_s=0)).met
