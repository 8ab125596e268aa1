"""Phrases of the network: every address of the session, over the participant's own line."""

# Fixtures are known by name here, as steps may not know a system's insides; so their types are not written.
# mypy: allow-untyped-defs, allow-untyped-calls

from pytest_bdd import given, then, when


@given("the participant declares its line")
@given("參與者聲明其線路")
def participant_declares_its_line(hkex_network_visit):
    """The line's name is declared, HSN or SDNET: no packet tells it."""
    hkex_network_visit.check_line()


@when("every address of the site is dialled over the line")
@when("經該線路連接時段所屬中心的每個地址")
def every_address_is_dialled(hkex_network_visit):
    """Names are resolved, each address is dialled some times from the line's own address, and no data is sent."""
    hkex_network_visit.dial()


@then("the addresses dialled from are of the line's own subnet")
@then("連出的地址屬該線路的子網")
def local_addresses_are_the_lines(hkex_network_visit):
    """Read from the sockets, and compared with [line] subnet of hkexprt.toml."""
    hkex_network_visit.check_local_addresses()


@then("no name leads to the other site")
@then("沒有名稱指向另一中心")
def no_name_leads_to_the_other_site(hkex_network_visit):
    """Where addresses are names, what they resolved to is compared with the other site's addresses."""
    hkex_network_visit.check_names()


@then("every address accepts connections")
@then("每個地址均接受連線")
def every_address_accepts_connections(hkex_network_visit):
    """Refused, silent, unroutable and unknown are told apart."""
    hkex_network_visit.check_reachable()


@then("each is answered by the service that should be there")
@then("每個地址均由應有的服務回應")
def each_is_answered_by_its_service(hkex_network_visit):
    """By its first words, where the service is one that speaks first."""
    hkex_network_visit.check_services()


@then("every connect stands, its time and packet size recorded")
@then("每次連線均成功，並記錄其時間及封包大小")
def every_connect_stands(hkex_network_visit):
    """Least, median and greatest time over some connects; path MTU and segment size where the system tells them."""
    hkex_network_visit.check_steady()
