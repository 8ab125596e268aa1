"""What a lookup service answers, and what of a message a protocol has room for.

Source: OCG-C Binary v2.2, 3.3 (lookup); OCG-C FIX v2.2 (35=9).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_hkexprt.systems.otp.drills import Drill
from pytest_hkexprt.systems.otp.messages import Kind, Message
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.simulator_ports import Service
from pytest_hkexprt.systems.otp.words import ExecType, LookupRejectCode, LookupStatus

if TYPE_CHECKING:
    from pytest_hkexprt.systems.otp.simulator import Simulator

REFUSALS = (ExecType.CANCEL_REJECT, ExecType.AMEND_REJECT)
SAID_OF_REFUSALS = frozenset(
    {
        *("ClOrdID", "OrigClOrdID", "OrderID", "SubmittingBrokerID", "OwningBrokerID", "BrokerLocationID"),
        *("TransactTime", "OrdStatus", "ExecType", "CxlRejReason", "AmendRejReason", "Text", "Reason"),
    }
)
"""Fields of FIX's 35=9."""


def looked_up(simulator: Simulator, *, known: bool) -> Message:
    """Return what a lookup is answered: the gateways of the site in charge, or that it is rejected.

    Args:
        simulator: whose gateways.
        known: whether the Comp ID is on file.
    """
    blocked = Drill.LOOKUP_REJECTED in simulator.drills
    if blocked or not known:
        code = LookupRejectCode.CLIENT_BLOCKED if blocked else LookupRejectCode.INVALID_CLIENT
        return Message.of(
            Kind.LOOKUP_RESPONSE, LookupStatus=LookupStatus.REJECTED, LookupRejectCode=code, Reason="Refused"
        )
    told = simulator.site.other if Drill.OTHER_SITE_ANSWERS in simulator.drills else simulator.site
    gateways = simulator.at(Service.BINARY, told)
    primary, mirror = gateways[0], gateways[-1]
    return Message.of(
        Kind.LOOKUP_RESPONSE,
        LookupStatus=LookupStatus.ACCEPTED,
        PrimaryIP=primary.host,
        PrimaryPort=primary.port,
        SecondaryIP=mirror.host,
        SecondaryPort=mirror.port,
    )


def fitting(message: Message, protocol: WireProtocol) -> Message:
    """Return what of a message a protocol has room for: FIX's cancel reject says less than the binary one."""
    if protocol is WireProtocol.BINARY or message.get("ExecType") not in REFUSALS:
        return message
    return replace(message, fields={name: value for name, value in message.fields.items() if name in SAID_OF_REFUSALS})
