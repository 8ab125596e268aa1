"""A long run of orders with connections cut at random, which ends with equal books on both sides.

    python -m benchmarks.otp_soak [--minutes 30] [--protocol binary] [--seed 1] [--orders-a-second 50]

Two sessions of a firm order, amend, cancel, quote and trade with each other. Now and then a connection is cut, by
either side and with reports under way; whoever was cut reconnects by the documented path, its waits shortened. At the
end everything is cancelled, and each session's book must be the exchange's, order by order, with no report lost or
doubled; memory must not have grown beyond what orders leave behind. Exit status 1 says that it was not so.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.otp_desk import FIRST, SECOND, Desk, simulator
from pytest_hkexprt.errors import HkexprtError
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.otp.client_orders import Trader
from pytest_hkexprt.systems.otp.fixtures_rehearsal import make_keys
from pytest_hkexprt.systems.otp.lines import differences
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.profiles import WireProtocol
from pytest_hkexprt.systems.otp.simulator import Simulator
from pytest_hkexprt.systems.otp.simulator_ports import Service
from pytest_hkexprt.systems.otp.words import ExecRestatementReason, Side

FACTOR = 0.02
"""Of the documented waits: a reconnect after a fifth of a second."""
SECURITY, PRICE, TICK, LOT = "700", Decimal("388.6"), Decimal("0.2"), Decimal(100)
CUT_EVERY = 40
"""Requests between two cuts, on average."""
MOST_RESTING = 200
"""Orders in the market before all are cancelled: a book without end would measure itself."""
PATIENCE_S = 600.0
"""In documented seconds."""
TRIES = 5
UNASKED = (ExecRestatementReason.MASS_CANCEL_BY_BROKER, ExecRestatementReason.OBO_SINGLE_CANCEL)


@dataclass
class Soak:
    """The run, and what it counts."""

    running: Simulator
    traders: list[Trader]
    dice: random.Random
    requests: int = 0
    cuts: int = 0
    reconnects: int = 0
    faults: list[str] = field(default_factory=list)

    def step(self) -> None:
        """Make one request of one session, or cut a connection."""
        trader = self.dice.choice(self.traders)
        try:
            if self.dice.randrange(CUT_EVERY) == 0:
                self.cut(trader)
            self.request(trader)
            self.requests += 1
        except HkexprtError:
            self.again(trader)

    def request(self, trader: Trader) -> None:
        """Say something without waiting for its answer, or with."""
        resting = trader.client.orders.resting()
        if len(resting) > MOST_RESTING:
            trader.mass_cancel()
            return
        kind, price = self.dice.random(), PRICE + TICK * self.dice.randint(-3, 3)
        if kind < 0.5 or not resting:
            side, lots = self.dice.choice([Side.BUY, Side.SELL]), self.dice.randint(1, 5)
            trader.client.say(trader.new_order(SECURITY, side, LOT * lots, price))
            trader.client.wires.serve(lambda: True, 0)
        elif kind < 0.7:
            trader.amend(self.dice.choice(resting), quantity=LOT * self.dice.randint(1, 6), price=price)
        elif kind < 0.95:
            trader.cancel(self.dice.choice(resting))
        else:
            trader.quote(SECURITY, (LOT, price - TICK), (LOT, price + TICK))

    def cut(self, trader: Trader) -> None:
        """Cut a connection with an order under way: by us, or by the gateway."""
        self.cuts += 1
        trader.client.say(trader.new_order(SECURITY, self.dice.choice([Side.BUY, Side.SELL]), LOT, PRICE))
        if self.dice.random() < 0.5:
            trader.client.drop()
            self.again(trader)
        else:
            self.running.hang_up(trader.client.credentials.comp_id)
            trader.client.await_loss(PATIENCE_S)

    def again(self, trader: Trader) -> None:
        """Reconnect; a session that the gateway has not noticed the end of closes both, and is tried again."""
        for _ in range(TRIES):
            try:
                if trader.client.reconnect().granted:
                    self.reconnects += 1
                    return
            except HkexprtError as error:
                last = error
        raise last

    def end(self) -> list[str]:
        """Cancel everything, log out, and return how the books differ and what the reports had wrong."""
        for trader in self.traders:
            if not trader.client.connected:
                self.again(trader)
            trader.mass_cancel()
        wrong = []
        for trader in self.traders:
            client, comp_id = trader.client, trader.client.credentials.comp_id
            client.wait_for(lambda client=client: not client.orders.resting(), PATIENCE_S)
            client.orders.expect_cancel(UNASKED)
            wrong += [f"{comp_id}: {each}" for each in (*client.orders.faults, *client.orders.refused)]
            wrong += [f"{comp_id}: {each}" for each in map(str, client.orders.unasked)]
            wrong += [f"{comp_id}: {each}" for each in differences(client.orders.lines(), self.running.lines(comp_id))]
            client.logout()
        return wrong


def soak(seconds: float, protocol: WireProtocol, seed: int, orders_a_second: float) -> tuple[Soak, list[str]]:
    """Run for so long, and return what was done and what was wrong at the end."""
    keys, pace = make_keys(), Pace(FACTOR)
    service = Service.LOOKUP if protocol is WireProtocol.BINARY else Service.FIX
    with simulator(keys, pace) as running:
        addresses = {protocol: [each for site in Site for each in running.at(service, site)]}
        with Desk(addresses, keys, pace) as desk:
            made = Soak(running, [desk.trader(each, protocol) for each in (FIRST, SECOND)], random.Random(seed))
            for trader in made.traders:
                trader.client.logon()
            began_s = time.monotonic()
            while (elapsed_s := time.monotonic() - began_s) < seconds:
                made.step()
                ahead_s = made.requests / orders_a_second - elapsed_s
                if ahead_s > 0:
                    desk.wires.wait(pace.documented_s(ahead_s))
            return made, made.end()


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--minutes", type=float, default=30.0, help="how long (default 30)")
    options.add_argument("--protocol", choices=[*WireProtocol], default=WireProtocol.BINARY.value)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--orders-a-second", type=float, default=50.0)
    given = options.parse_args()
    protocol = WireProtocol(given.protocol)
    made, wrong = soak(given.minutes * 60, protocol, given.seed, given.orders_a_second)
    orders = sum(len(trader.client.orders.lines()) for trader in made.traders)
    repeated = sum(trader.client.orders.repeated for trader in made.traders)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{protocol}: {made.requests:,} requests, {orders:,} orders, {made.cuts} cuts, {made.reconnects} reconnects, "
        f"{repeated} reports told again, peak memory {peak_mib:,.0f} MiB"
    )
    print("\n".join(wrong[:20]) or "the books are equal")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
