"""The simulator in a process of its own, for the tools that bring none.

    python -m benchmarks.server FOLDER

It writes what a client needs into the folder (the user's key, the host key, the addresses), says ``ready``, and ends
when its standard input does.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

from pytest_hkexprt.model import Endpoint, Site
from pytest_hkexprt.systems.rap import keys, standin
from pytest_hkexprt.systems.rap.simulator import Simulator

BUSINESS_DATE = dt.date(2023, 4, 14)
USER = "REHEARSAL"
HOST = "127.0.0.1"


def main(folder: Path) -> None:
    """Serve until standard input ends."""
    own, host = keys.generate(), keys.generate()
    key = folder / "id_ed25519"
    key.touch(0o600)
    key.write_text(own.openssh.reveal(), "utf-8")
    endpoints = [Endpoint("rap", Site.SECONDARY, HOST, 0) for _ in range(2)]
    with Simulator(
        endpoints,
        users={USER: own.public},
        business_date=lambda: BUSINESS_DATE,
        host_keys={Site.SECONDARY: host},
    ) as simulator:
        ports = [endpoint.port for endpoint in simulator.endpoints]
        known = "".join(f"[{HOST}]:{port} {simulator.host_key}\n" for port in ports)
        (folder / "known_hosts").write_text(known, "utf-8")
        files = len(standin.folder(BUSINESS_DATE))
        facts = {"host": HOST, "ports": ports, "user": USER, "files": files}
        (folder / "facts.json").write_text(json.dumps(facts), "utf-8")
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
