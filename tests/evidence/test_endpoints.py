from __future__ import annotations

from pytest_hkexprt.evidence.html.endpoints import seen_at
from pytest_hkexprt.evidence.record import EndpointRecord, ExchangeRecord

RAP = EndpointRecord(system="rap", site="primary", address="10.151.14.121:10022", origin="circular")


def said(endpoint: str) -> ExchangeRecord:
    return ExchangeRecord(system=endpoint.partition("/")[0], endpoint=endpoint, what="answers")


def test_what_a_circular_publishes_no_address_of_stands_in_one_row_a_site():
    exchanges = [said(f"omd/{site} 239.1.1.{last}:51000") for site in ("primary", "secondary") for last in (1, 2, 3)]
    views = seen_at([RAP], exchanges)[1:]
    assert [(each.endpoint.site, len(each.more), each.published) for each in views] == [
        ("primary", 2, False),
        ("secondary", 2, False),
    ]


def test_an_address_of_the_other_site_stands_by_itself_where_the_circular_publishes_its_own():
    views = seen_at([RAP], [said("rap/secondary 10.152.14.121:10022"), said("rap/secondary 10.152.14.122:10022")])[1:]
    assert [(each.listed, each.published, each.more) for each in views] == [(False, True, ())] * 2


def test_an_address_that_proved_who_it_is_stands_by_itself():
    proved = ExchangeRecord(
        system="ccass", endpoint="ccass/primary 127.0.0.1:443", what="answers", facts={"host key": "SHA256:x"}
    )
    (view,) = seen_at((), [said("ccass/primary 127.0.0.1:443"), proved])
    assert view.host_keys == ("SHA256:x",)
