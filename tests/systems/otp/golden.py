"""Messages as they are on the wire, in both protocols: put together from the published tables, not by our codecs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pytest_hkexprt.systems.otp.messages import Kind, Message, Role
from pytest_hkexprt.systems.otp.profiles import OCG_3, OCG_22, Profile
from pytest_hkexprt.systems.otp.words import (
    CxlRejReason,
    ExecType,
    LookupRejectCode,
    LookupStatus,
    OrdStatus,
    OrdType,
    SessionStatus,
    Side,
    TradeHandling,
    TradeReportType,
    TrdType,
)
from tests.systems.otp.samples import COMP_ID, SENT

PARTICIPANT, GATEWAY = Role.INITIATOR, Role.ACCEPTOR
ORDER = Message.of(
    Kind.NEW_ORDER,
    ClOrdID="1",
    SubmittingBrokerID="1234",
    SecurityID="700",
    SecurityIDSource=8,
    SecurityExchange="XHKG",
    TransactTime="20231125-02:00:00.000000",
    Side=Side.BUY,
    OrdType=OrdType.LIMIT,
    Price=Decimal("388.6"),
    OrderQty=Decimal(100),
    DisclosureInstructions=1,
    BCAN="1234.5678901234",
)
TRADE = Message.of(
    Kind.TRADE_CAPTURE,
    TradeReportID="5",
    TradeReportTransType=0,
    TradeReportType=TradeReportType.SUBMIT,
    TradeHandlingInstr=TradeHandling.TWO_PARTY,
    SubmittingBrokerID="1234",
    CounterpartyBrokerID="1235",
    SecurityID="700",
    SecurityIDSource=8,
    SecurityExchange="XHKG",
    Side=Side.SELL,
    TransactTime="20231125-02:00:00.000000",
    TrdType=TrdType.PRIVATELY_NEGOTIATED,
    LastQty=Decimal(100),
    LastPx=Decimal("388.6"),
    BCAN="1234.5678901234",
)
CANCEL_REJECT = Message.of(
    Kind.EXECUTION_REPORT,
    ClOrdID="2",
    OrigClOrdID="1",
    OrdStatus=OrdStatus.FILLED,
    ExecType=ExecType.AMEND_REJECT,
    AmendRejReason=CxlRejReason.TOO_LATE,
)
CANCEL_ON_BEHALF = Message.of(
    Kind.OBO_CANCEL,
    ClOrdID="2",
    OrderID="77",
    SubmittingBrokerID="1234",
    OwningBrokerID="5678",
    SecurityID="700",
    SecurityIDSource=8,
    SecurityExchange="XHKG",
    Side=Side.BUY,
    TransactTime=SENT,
)
# Meaning of every vector: header (STX, length, type, sequence, PossDup, PossResend, Comp ID), presence map, body, CRC.
BINARY: dict[str, tuple[Profile, Role, Message, str]] = {
    "lookup request": (
        OCG_22,
        PARTICIPANT,
        Message(Kind.LOOKUP_REQUEST, {"TypeOfService": 1, "ProtocolType": 1}, COMP_ID, 1),
        "023c0007010000000000434f39393939393930310000"
        "c000000000000000000000000000000000000000000000000000000000000000"
        "0101"
        "31af8328",
    ),
    "lookup accepted": (
        OCG_22,
        GATEWAY,
        Message(
            Kind.LOOKUP_RESPONSE,
            {
                "LookupStatus": LookupStatus.ACCEPTED,
                "PrimaryIP": "10.0.0.1",
                "PrimaryPort": 9001,
                "SecondaryIP": "10.0.0.2",
                "SecondaryPort": 9002,
            },
            COMP_ID,
            1,
        ),
        "025f0008010000000000434f39393939393930310000"
        "9e00000000000000000000000000000000000000000000000000000000000000"
        "00"
        "31302e302e302e310000000000000000"
        "2923"
        "31302e302e302e320000000000000000"
        "2a23"
        "d4f6c893",
    ),
    "lookup rejected": (
        OCG_22,
        GATEWAY,
        Message(
            Kind.LOOKUP_RESPONSE,
            {
                "LookupStatus": LookupStatus.REJECTED,
                "LookupRejectCode": LookupRejectCode.CLIENT_BLOCKED,
                "Reason": "Blocked",
            },
            COMP_ID,
            1,
        ),
        "02460008010000000000434f39393939393930310000"
        "e000000000000000000000000000000000000000000000000000000000000000"
        "01"
        "03"
        "0800426c6f636b656400"
        "e9abdbde",
    ),
    "heartbeat": (
        OCG_22,
        GATEWAY,
        Message(Kind.HEARTBEAT, {}, COMP_ID, 2),
        "023a0000020000000000434f39393939393930310000"
        "0000000000000000000000000000000000000000000000000000000000000000"
        "a338ba1a",
    ),
    "logon reply": (
        OCG_22,
        GATEWAY,
        Message(
            Kind.LOGON,
            {"NextExpectedMsgSeqNum": 2, "SessionStatus": SessionStatus.ACTIVE, "TestMessageIndicator": True},
            COMP_ID,
            1,
        ),
        "02400005010000000000434f39393939393930310000"
        "3400000000000000000000000000000000000000000000000000000000000000"
        "02000000"
        "00"
        "01"
        "cd1229d9",
    ),
    "new order": (
        OCG_3,
        PARTICIPANT,
        replace(ORDER, comp_id=COMP_ID, seq=2),
        "02b8000b020000000000434f39393939393930310000"
        "fbe0220000000000000000000000000000000000000000000000000000000000"
        "310000000000000000000000000000000000000000"  # ClOrdID 1
        "313233340000000000000000"  # broker 1234
        "373030000000000000000000000000000000000000"  # security 700
        "08"
        "58484b4700"  # XHKG
        "32303233313132352d30323a30303a30302e30303030303000"
        "01"  # buy
        "02"  # limit
        "008b3c0c09000000"  # 388.6
        "00e40b5402000000"  # 100
        "0100"  # disclosure
        "313233342e35363738393031323334000000000000"  # BCAN
        "e8dd690b",
    ),
    "trade capture report": (
        OCG_3,
        PARTICIPANT,
        replace(TRADE, comp_id=COMP_ID, seq=3),
        "02c50015030000000000434f39393939393930310000"
        "fdf7000400000000000000000000000000000000000000000000000000000000"
        "350000000000000000000000000000000000000000"  # TradeReportID 5
        "00"  # new
        "00"
        "01"  # of one of two parties
        "313233340000000000000000"  # broker 1234
        "313233350000000000000000"  # counterparty 1235
        "373030000000000000000000000000000000000000"  # security 700
        "08"
        "58484b4700"  # XHKG
        "02"  # sell
        "32303233313132352d30323a30303a30302e30303030303000"
        "16"  # privately negotiated
        "00e40b5402000000"  # 100
        "008b3c0c09000000"  # 388.6
        "313233342e35363738393031323334000000000000"  # BCAN
        "9a359708",
    ),
}
# Of FIX the header's, the body's and the trailer's tags in the order of their tables; | stands for SOH.
FIX: dict[str, tuple[Profile, Role, Message, str]] = {
    "order": (
        OCG_3,
        PARTICIPANT,
        replace(ORDER, comp_id=COMP_ID, seq=2, sent=SENT),
        "8=FIXT.1.1|9=221|35=D|49=CO99999901|56=HKEXCO|34=2|52=20231125-02:00:00.000|"
        "11=1|453=2|448=1234|447=D|452=1|448=1234.5678901234|447=D|452=3|48=700|22=8|207=XHKG|40=2|54=1|38=100|"
        "44=388.6|60=20231125-02:00:00.000000|1812=1|1813=100|1814=1|10=033|",
    ),
    "logon": (
        OCG_22,
        PARTICIPANT,
        Message(Kind.LOGON, {"NextExpectedMsgSeqNum": 1, "EncryptedPassword": "QUJD"}, COMP_ID, 1, sent=SENT),
        "8=FIXT.1.1|9=110|35=A|49=CO99999901|56=HKEXCO|34=1|52=20231125-02:00:00.000|"
        "98=0|108=20|1137=9|789=1|1400=101|1401=4|1402=QUJD|10=194|",
    ),
    "logon reply": (
        OCG_22,
        GATEWAY,
        Message(
            Kind.LOGON,
            {"NextExpectedMsgSeqNum": 2, "SessionStatus": SessionStatus.ACTIVE, "TestMessageIndicator": True},
            COMP_ID,
            1,
            sent=SENT,
        ),
        "8=FIXT.1.1|9=97|35=A|49=HKEXCO|56=CO99999901|34=1|52=20231125-02:00:00.000|"
        "98=0|108=20|1137=9|789=2|1409=0|464=Y|10=012|",
    ),
    "heartbeat": (
        OCG_22,
        GATEWAY,
        Message(Kind.HEARTBEAT, {}, COMP_ID, 2, sent=SENT),
        "8=FIXT.1.1|9=59|35=0|49=HKEXCO|56=CO99999901|34=2|52=20231125-02:00:00.000|10=022|",
    ),
    "cancel reject": (
        OCG_22,
        GATEWAY,
        replace(CANCEL_REJECT, comp_id=COMP_ID, seq=2, sent=SENT),
        "8=FIXT.1.1|9=86|35=9|49=HKEXCO|56=CO99999901|34=2|52=20231125-02:00:00.000|11=2|41=1|39=2|434=2|102=0|10=173|",
    ),
    "cancel on behalf": (
        OCG_22,
        PARTICIPANT,
        replace(CANCEL_ON_BEHALF, comp_id=COMP_ID, seq=2, sent=SENT),
        "8=FIXT.1.1|9=170|35=F|49=CO99999901|56=HKEXCO|34=2|52=20231125-02:00:00.000|"
        "11=2|37=77|453=2|448=1234|447=D|452=36|448=5678|447=D|452=1|48=700|22=8|207=XHKG|54=1|"
        "60=20231125-02:00:00.000|10=233|",
    ),
    "trade capture report": (
        OCG_3,
        PARTICIPANT,
        replace(TRADE, comp_id=COMP_ID, seq=3, sent=SENT),
        "8=FIXT.1.1|9=249|35=AE|49=CO99999901|56=HKEXCO|34=3|52=20231125-02:00:00.000|"
        "571=5|487=0|856=0|1123=1|828=22|31=388.6|32=100|60=20231125-02:00:00.000000|"
        "552=1|54=2|453=3|448=1234|447=D|452=1|448=1235|447=D|452=17|448=1234.5678901234|447=D|452=3|"
        "48=700|22=8|207=XHKG|10=111|",
    ),
}
