"""The trading gateways' simulator in a process of its own, so that it takes no time from whoever is measured.

    python -m benchmarks.otp_server

It writes one line of JSON that tells where it listens and with which password, and ends when its standard input does.
"""

from __future__ import annotations

import json
import sys

from benchmarks.otp_desk import simulator
from pytest_hkexprt.model import Site
from pytest_hkexprt.systems.otp.fixtures_rehearsal import make_keys
from pytest_hkexprt.systems.otp.pace import Pace
from pytest_hkexprt.systems.otp.simulator_ports import Service


def main() -> None:
    """Serve until told to stop; what went wrong meanwhile is told by the exit status."""
    keys = make_keys()
    with simulator(keys, Pace()) as running:
        ports = {service: [each.port for each in running.at(service, Site.PRIMARY)] for service in Service}
        told = {"ports": ports, "password": keys.password.reveal(), "public_key": keys.public.decode()}
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
