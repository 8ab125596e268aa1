"""Which addresses stand for a site."""

from __future__ import annotations

import pytest

from pytest_hkexprt import circular, target
from pytest_hkexprt.errors import UsageFault
from pytest_hkexprt.model import Endpoint, Site

RAP = circular.find("rap")


def test_a_sites_addresses_are_the_circulars():
    found = target.endpoints(RAP, {}, "rap", Site.SECONDARY)
    assert [each.address for each in found] == ["10.152.14.121:10022", "10.152.14.122:10022"]
    assert {each.origin for each in found} == {"circular"}


def test_a_participant_may_put_others_in_their_place_and_the_endpoint_says_so():
    replaced = {Site.SECONDARY: ("relay.example:2222",)}
    (only,) = target.endpoints(RAP, replaced, "rap", Site.SECONDARY)
    assert (only.address, only.published, only.origin) == (
        "relay.example:2222",
        "10.152.14.121:10022",
        "participant file",
    )
    assert str(only) == "rap/secondary relay.example:2222 (for 10.152.14.121:10022)"


def test_a_replaced_address_without_a_port_is_refused():
    with pytest.raises(UsageFault, match="expected: host:port"):
        target.endpoints(RAP, {Site.PRIMARY: ("relay.example",)}, "rap", Site.PRIMARY)


def test_a_rehearsal_mirrors_an_address_on_loopback_with_its_port():
    mirrored = target.mirror(Endpoint("rap", Site.SECONDARY, "10.152.14.121", 10022))
    assert (mirrored.address, mirrored.published) == ("127.152.14.121:10022", "10.152.14.121:10022")


def test_a_name_is_mirrored_by_any_port_of_loopback():
    assert target.mirror(Endpoint("rap", Site.PRIMARY, "relay.example", 22)).address == "127.0.0.1:0"
