"""Which types of message belong on which kind of channel.

Source: HKEX OMD-C Binary Interface Specifications v1.45, section 3 (the products a message is part of); OMD-C
Connectivity Guide v2.2 and OMD-CC Connectivity Guide v1.1 (what a channel carries).
"""

from __future__ import annotations

from typing import Final

from pytest_hkexprt.systems.omd.channels import Content
from pytest_hkexprt.systems.omd.layouts import Type

_PRICES = {
    Type.SECURITY_STATUS,
    Type.VCM_TRIGGER,
    Type.NOMINAL_PRICE,
    Type.INDICATIVE_EQUILIBRIUM_PRICE,
    Type.REFERENCE_PRICE,
    Type.YIELD,
    Type.ORDER_IMBALANCE,
    Type.STATISTICS,
    Type.CLOSING_PRICE,
    Type.TRADING_SESSION_STATUS,
}
_LEVELS = _PRICES | {
    Type.AGGREGATE_ORDER_BOOK_UPDATE,
    Type.TRADE_TICKER,
    Type.TRADE,
    Type.TRADE_CANCEL,
    Type.BROKER_QUEUE,
}
_OF_CONTENT: dict[Content, set[Type]] = {
    Content.REFERENCE: {
        Type.MARKET_DEFINITION,
        Type.SECURITY_DEFINITION,
        Type.LIQUIDITY_PROVIDER,
        Type.CURRENCY_RATE,
    },
    Content.STATUS: {Type.TRADING_SESSION_STATUS, Type.SECURITY_STATUS, Type.VCM_TRIGGER},
    Content.TURNOVER: {Type.MARKET_TURNOVER},
    Content.NEWS: {Type.NEWS},
    Content.STANDARD: _LEVELS,
    Content.PREMIUM: _LEVELS,
    Content.FULL_TICK: _PRICES
    | {Type.ADD_ORDER, Type.MODIFY_ORDER, Type.DELETE_ORDER, Type.TRADE, Type.TRADE_CANCEL, Type.BROKER_QUEUE},
    Content.BROKERS: {Type.BROKER_QUEUE},
    Content.ODD_LOTS: {Type.ADD_ODD_LOT_ORDER, Type.DELETE_ODD_LOT_ORDER},
    Content.CONNECT: {Type.STOCK_CONNECT_DAILY_QUOTA_BALANCE, Type.STOCK_CONNECT_MARKET_TURNOVER},
    Content.CHINA_REFERENCE: {Type.CC_MARKET_DEFINITION, Type.CC_SECURITY_DEFINITION},
    Content.CHINA_PRICES: {Type.CC_SECURITY_STATUS, Type.CC_TOP_OF_BOOK, Type.CC_STATISTICS},
    Content.DR: {Type.DR_SIGNAL},
    Content.INDEX_DR: {Type.DR_SIGNAL},
}
CONTENT_TYPES: Final[dict[Content, frozenset[int]]] = {
    content: frozenset(int(each) for each in (*types, Type.SEQUENCE_RESET)) for content, types in _OF_CONTENT.items()
}
"""Content to the types it may have; those nobody lists are counted elsewhere."""
