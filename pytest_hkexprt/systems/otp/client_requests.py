"""What every business verb stands on: what is sent only if it may be, fields all requests have, the wait for an answer.

Source: OCG-C Binary v2.2, 7.5 to 7.11; CCCG Binary v1.3, 7.5.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_hkexprt import clock
from pytest_hkexprt.errors import RemoteProtocolError
from pytest_hkexprt.systems.otp.client_link import utc_now
from pytest_hkexprt.systems.otp.lines import Tracked
from pytest_hkexprt.systems.otp.messages import Message, Value, stamp
from pytest_hkexprt.systems.otp.pace import REPLY_S
from pytest_hkexprt.systems.otp.seam import OrderEntry

EXCHANGE_SYMBOL = 8
"""SecurityIDSource: the exchange's own code."""


class Requests:
    """A client's requests, and their answers.

    Whoever the client is, a request that may not be sent never reaches it.

    Args:
        client: logged on.
        patience_s: for an answer, in documented seconds.
    """

    def __init__(self, client: OrderEntry, patience_s: float = REPLY_S) -> None:
        self.client = client
        self._patience_s = patience_s

    def say(self, request: Message) -> None:
        """Send a request, if it may be sent, and wait for nothing.

        Raises:
            UsageFault: it may not; nothing was sent.
        """
        self.client.permission.require(request, clock.now())
        self.client.say(request)

    def answer(self, name: str, what: str) -> Message:
        """Wait for the answer to a request, and return it.

        Raises:
            RemoteProtocolError: none came.
        """
        orders = self.client.orders
        self._await(lambda: orders.answer(name) is not None, f"{what} {name}")
        found = orders.answer(name)
        assert found is not None, "waited for just now"
        return found

    def _await(self, answered: Callable[[], bool], what: str) -> None:
        if not self.client.wait_for(answered, self._patience_s):
            raise RemoteProtocolError(
                f"{self.client.where}: {what}",
                expected="an answer",
                came=f"none in {self._patience_s:g} s as the documents count them",
                next_step="ask whether the gateway took the request; do not send it again blindly",
            )

    def _ask(self, request: Message) -> str:
        self.say(request)
        self.answer(request.text("ClOrdID"), str(request.kind))
        return request.text("ClOrdID")

    def _of_order(self, order: Tracked) -> dict[str, Value | None]:
        return self._of_security(order.security) | {"ClOrdID": self.client.kept.name(), "Side": order.side}

    def _of_security(self, security: str) -> dict[str, Value | None]:
        return self._of_broker() | {
            "SecurityID": security,
            "SecurityIDSource": EXCHANGE_SYMBOL,
            "SecurityExchange": self._exchange(security),
        }

    def _of_broker(self) -> dict[str, Value | None]:
        return {
            "SubmittingBrokerID": self.client.credentials.broker,
            "TransactTime": stamp(utc_now(), self.client.codec.profile.time_digits),
        }

    def _exchange(self, security: str) -> str:
        """Return where a security is traded: in China Connect, Shanghai's codes begin with a 6."""
        exchanges = self.client.codec.profile.exchanges
        if len(exchanges) == 1 or security.startswith("6"):
            return exchanges[0]
        return exchanges[1]
