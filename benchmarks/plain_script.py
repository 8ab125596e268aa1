"""What one would write by hand for the circular's steps: pytest and paramiko, no evidence, no baseline visit.

Not collected with the project's tests; ``benchmarks.main_job`` copies it beside the facts of a running server.
"""

import fnmatch
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paramiko  # type: ignore[import-untyped]  # it ships no types
import pytest

HERE = Path(__file__).parent
FACTS = json.loads((HERE / "facts.json").read_text("utf-8"))


@pytest.fixture
def connections() -> Iterator[list[Any]]:
    known = paramiko.HostKeys(str(HERE / "known_hosts"))
    opened = []
    for port in FACTS["ports"]:
        transport = paramiko.Transport((FACTS["host"], port))
        transport.start_client(timeout=15)
        assert known.check(f"[{FACTS['host']}]:{port}", transport.get_remote_server_key())
        opened.append(transport)
    yield opened
    for transport in opened:
        transport.close()


def test_a_clearing_participant_retrieves_its_reports(connections: list[Any], tmp_path: Path) -> None:
    first, second = connections
    second.close()
    assert first.getpeername() == (FACTS["host"], FACTS["ports"][0])

    first.auth_publickey(FACTS["user"], paramiko.Ed25519Key.from_private_key_file(str(HERE / "id_ed25519")))
    sftp = paramiko.SFTPClient.from_transport(first)

    listing = {each.filename: each.st_size for each in sftp.listdir_attr(".")}
    assert len(listing) == FACTS["files"]

    for report in ("TP001", "TP002"):
        (name,) = fnmatch.filter(listing, f"*{report}*")
        sftp.get(name, str(tmp_path / name))
        content = (tmp_path / name).read_bytes()
        assert len(content) == listing[name]
        assert hashlib.sha256(content).hexdigest()

    sftp.close()
    first.close()
    first.join(5)
    assert not first.is_active()
