"""The stand-in market: the same again from the same seed, never crossed, and its refreshes agree with its messages."""

from __future__ import annotations

import pytest

from pytest_hkexprt.systems.omd import settings
from pytest_hkexprt.systems.omd.book import Picture
from pytest_hkexprt.systems.omd.channels import Feed
from pytest_hkexprt.systems.omd.content import CONTENT_TYPES
from pytest_hkexprt.systems.omd.layouts import Type
from pytest_hkexprt.systems.omd.market import MARKET_NAMES, SECURITIES
from pytest_hkexprt.systems.omd.market_feed import Market
from pytest_hkexprt.systems.omd.market_orders import BID, DELETE, LEVELS, NEW, OFFER, entries
from pytest_hkexprt.systems.omd.packets import MOST_PACKET_BYTES, PACKET_HEADER_BYTES, message_bytes

NOW_NS = 1_704_502_800_000_000_000
"""2024-01-06 09:00 in Hong Kong."""
STEPS = 1500


def channels(feed: Feed):
    return settings.defaults().feeds[feed].channels


def run(market: Market, feed: Feed, steps: int = STEPS):
    """Yield what the market says, from the opening on."""
    for channel in channels(feed):
        yield from ((channel.number, each) for each in market.opening(channel.number, NOW_NS))
    for step in range(steps):
        yield from market.step(NOW_NS + step * 1_000_000)


def wire(market: Market, feed: Feed) -> list[tuple[int, bytes]]:
    return [(number, message_bytes(each)) for number, each in run(market, feed)]


@pytest.mark.parametrize("feed", Feed)
def test_the_same_seed_gives_the_same_bytes(feed):
    assert wire(Market(channels(feed)), feed) == wire(Market(channels(feed)), feed)


def test_another_seed_gives_another_market():
    assert wire(Market(channels(Feed.OMD_C)), Feed.OMD_C) != wire(Market(channels(Feed.OMD_C), seed=2), Feed.OMD_C)


@pytest.mark.parametrize("feed", Feed)
def test_every_message_fits_in_a_packet_and_belongs_on_its_channel(feed):
    contents = {channel.number: channel.content for channel in channels(feed)}
    for number, message in run(Market(channels(feed)), feed):
        assert PACKET_HEADER_BYTES + len(message_bytes(message)) <= MOST_PACKET_BYTES
        assert message.type in CONTENT_TYPES[contents[number]]


@pytest.mark.parametrize("feed", Feed)
def test_every_channel_says_something(feed):
    assert {number for number, _ in run(Market(channels(feed)), feed)} == {each.number for each in channels(feed)}


@pytest.mark.parametrize("feed", Feed)
def test_a_refresh_gives_the_picture_that_all_messages_give(feed):
    market, pictures = Market(channels(feed)), {each.number: Picture() for each in channels(feed)}
    for number, message in run(market, feed):
        pictures[number].apply(message)
    for number, picture in pictures.items():
        restated = Picture()
        for message in market.snapshot(number):
            restated.apply(message)
        restated.tape_whole = False
        assert restated.differences(picture) == []
        assert restated.faults == picture.faults == []


def test_prices_of_the_two_sides_never_cross():
    market, picture = Market(channels(Feed.OMD_C)), Picture()
    for number, message in run(market, Feed.OMD_C):
        if number == 10:
            picture.apply(message)
            for code in market.codes:
                bids, offers = picture.levels_of(code, BID), picture.levels_of(code, OFFER)
                assert not (bids and offers) or bids[0][0] < offers[0][0]


def test_the_levels_of_the_standard_channel_are_the_orders_of_the_full_tick_channel():
    market, pictures = Market(channels(Feed.OMD_C)), {10: Picture(), 30: Picture()}
    for number, message in run(market, Feed.OMD_C):
        if number in pictures:
            pictures[number].apply(message)
    told = pictures[10]
    for code in market.codes:
        for side in (BID, OFFER):
            summed: dict[int, int] = {}
            for (owner, _), order in pictures[30].orders.items():
                if (owner, order.side) == (code, side):
                    summed[order.price] = summed.get(order.price, 0) + order.quantity
            best = sorted(summed, reverse=side == BID)[:LEVELS]
            assert [(price, level.quantity) for price, level in told.levels_of(code, side)] == [
                (price, summed[price]) for price in best
            ]


def test_trades_cost_what_the_statistics_add_up_to():
    market, trades, last = Market(channels(Feed.OMD_C)), {}, {}
    for number, message in run(market, Feed.OMD_C):
        if number == 30 and message.type == Type.TRADE:
            code = message.number("SecurityCode")
            trades[code] = trades.get(code, 0) + message.number("Price") * message.number("Quantity")
        elif number == 10 and message.type == Type.STATISTICS:
            last[message.number("SecurityCode")] = message.number("Turnover")
    assert trades == last
    assert last


def test_nothing_here_looks_like_an_exchanges_own():
    assert all(security.name.startswith("SIMULATED") for security in SECURITIES)
    assert all(security.chinese.startswith("模擬") for security in SECURITIES)
    assert all(name.startswith("SIMULATED") and len(name) <= 25 for name in MARKET_NAMES.values())


def test_a_security_left_out_is_announced_and_not_defined():
    market = Market(channels(Feed.OMD_C), omitted=4332)
    told = market.opening(1, NOW_NS)
    assert [each.number("NumberOfSecurities") for each in told if each.type == Type.MARKET_DEFINITION] == [7, 2, 1, 0]
    assert 4332 not in [each.number("SecurityCode") for each in told if each.type == Type.SECURITY_DEFINITION]


def test_news_comes_in_chinese_and_in_english():
    told = [each for number, each in run(Market(channels(Feed.OMD_C)), Feed.OMD_C) if number == 4]
    assert {each.text("NewsType") for each in told} == {"EXC", "EXN"}


@pytest.mark.parametrize(
    ("before", "after", "actions"),
    [
        ([], [(100, 5, 1)], [(NEW, 1)]),
        ([(100, 5, 1)], [], [(DELETE, 1)]),
        ([(100, 5, 1)], [(101, 5, 1), (100, 5, 1)], [(NEW, 1)]),
        ([(101, 5, 1), (100, 5, 1)], [(100, 5, 1)], [(DELETE, 1)]),
        ([(101, 5, 1), (99, 5, 1)], [(100, 2, 1), (99, 5, 1)], [(DELETE, 1), (NEW, 1)]),
    ],
)
def test_levels_become_others_by_entries_with_their_positions(before, after, actions):
    found = [(each["UpdateAction"], each["PriceLevel"]) for each in entries(before, after, BID)]
    assert found == actions
