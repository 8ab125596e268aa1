"""Every type of message of OMD-C and OMD-CC, by number and by name.

Nothing of a listed message is left opaque: each field of every type is declared. Where the documents at hand gave only
a message's size, the fields are those of a public machine description of the same version (v1.45), and fill that size.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from pytest_hkexprt.systems.omd import layouts_control, layouts_omdc, layouts_omdcc, layouts_orders
from pytest_hkexprt.systems.omd.fields import Layout


class Type(IntEnum):
    """The types of messages, by name."""

    MARKET_DEFINITION = 10
    SECURITY_DEFINITION = 11
    LIQUIDITY_PROVIDER = 13
    CURRENCY_RATE = 14
    TRADING_SESSION_STATUS = 20
    SECURITY_STATUS = 21
    NEWS = 22
    VCM_TRIGGER = 23
    ADD_ORDER = 30
    MODIFY_ORDER = 31
    DELETE_ORDER = 32
    ADD_ODD_LOT_ORDER = 33
    DELETE_ODD_LOT_ORDER = 34
    NOMINAL_PRICE = 40
    INDICATIVE_EQUILIBRIUM_PRICE = 41
    REFERENCE_PRICE = 43
    YIELD = 44
    TRADE = 50
    TRADE_CANCEL = 51
    TRADE_TICKER = 52
    AGGREGATE_ORDER_BOOK_UPDATE = 53
    BROKER_QUEUE = 54
    ORDER_IMBALANCE = 56
    STATISTICS = 60
    MARKET_TURNOVER = 61
    CLOSING_PRICE = 62
    INDEX_DEFINITION = 70
    INDEX_DATA = 71
    STOCK_CONNECT_DAILY_QUOTA_BALANCE = 80
    STOCK_CONNECT_MARKET_TURNOVER = 81
    SEQUENCE_RESET = 100
    LOGON = 101
    LOGON_RESPONSE = 102
    DR_SIGNAL = 105
    RETRANSMISSION_REQUEST = 201
    RETRANSMISSION_RESPONSE = 202
    REFRESH_COMPLETE = 203
    CC_MARKET_DEFINITION = 610
    CC_SECURITY_DEFINITION = 611
    CC_SECURITY_STATUS = 621
    CC_TOP_OF_BOOK = 655
    CC_STATISTICS = 660


CONTROL: Final = layouts_control.LAYOUTS
"""What both feeds share."""
OMD_C: Final = tuple(sorted(layouts_omdc.LAYOUTS + layouts_orders.LAYOUTS, key=lambda layout: layout.type))
OMD_CC: Final = layouts_omdcc.LAYOUTS
LAYOUTS: Final[dict[int, Layout]] = {layout.type: layout for layout in (*CONTROL, *OMD_C, *OMD_CC)}
"""By the message's type."""
