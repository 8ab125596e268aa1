"""One visit to a report folder, by ours or by another library: log in, list, and download what is listed.

    python -m benchmarks.rap_client TOOL FACTS FOLDER [INTO]

Without INTO the folder is listed only. What it prints at the end says what it saw. Each library is used as its users
would: ours through its client, with evidence, digests, and every file synchronised to the disk; asyncssh with many
files at once; paramiko with ``get``, a file at a time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

AT_ONCE = 64
"""Files in flight, for a library whose users must say so themselves."""


def ours(facts: dict, folder: str, into: Path | None) -> tuple[int, int]:
    """Visit with this project's client."""
    from pytest_hkexprt.evidence.journal import Journal  # noqa: PLC0415  each tool pays for its own imports alone
    from pytest_hkexprt.model import Endpoint, Site  # noqa: PLC0415
    from pytest_hkexprt.systems.rap import keys  # noqa: PLC0415
    from pytest_hkexprt.systems.rap.client import Client, Credentials  # noqa: PLC0415
    from pytest_hkexprt.systems.rap.hostkeys import HostKeys  # noqa: PLC0415

    pinned = HostKeys({Site.PRIMARY: (facts["host_key"],)})
    credentials = Credentials(facts["user"], keys.load(Path(facts["key"]), None), pinned)
    evidence = Path(facts["key"]).with_name("evidence.jsonl")
    evidence.unlink(missing_ok=True)
    endpoint = Endpoint("rap", Site.PRIMARY, "127.0.0.1", facts["port"])
    with Journal(evidence) as journal, Client([endpoint], credentials, journal, folder=folder) as client:
        client.connect()
        client.login()
        reports = client.listing().reports
        if into:
            downloads = client.download(reports, into)
            assert all(download.sha256 for download in downloads)
        client.logout()
    return len(reports), sum(report.size_bytes or 0 for report in reports)


def with_paramiko(facts: dict, folder: str, into: Path | None) -> tuple[int, int]:
    """Visit with paramiko, as most write it."""
    import paramiko  # noqa: PLC0415

    with paramiko.SSHClient() as client:
        client.load_host_keys(facts["known_hosts"])
        client.connect(
            "127.0.0.1",
            facts["port"],
            facts["user"],
            key_filename=facts["key"],
            look_for_keys=False,
            allow_agent=False,
        )
        sftp = client.open_sftp()
        listed = sftp.listdir_attr(folder)
        for each in listed if into else ():
            sftp.get(f"{folder}/{each.filename}", str(into / each.filename))
    return len(listed), sum(each.st_size for each in listed)


def with_asyncssh(facts: dict, folder: str, into: Path | None) -> tuple[int, int]:
    """Visit with asyncssh, as fast as it goes: the fast cipher, and many files at once."""
    import asyncio  # noqa: PLC0415

    import asyncssh  # noqa: PLC0415

    async def visit() -> tuple[int, int]:
        async with (
            asyncssh.connect(
                "127.0.0.1",
                facts["port"],
                username=facts["user"],
                client_keys=[facts["key"]],
                known_hosts=facts["known_hosts"],
                config=None,
                agent_path=None,
                encryption_algs=["aes128-gcm@openssh.com"],
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            listed = [each for each in await sftp.readdir(folder) if each.filename not in (".", "..")]
            free = asyncio.Semaphore(AT_ONCE)

            async def get(name: str) -> None:
                async with free:
                    await sftp.get(f"{folder}/{name}", into / name)

            if into:
                await asyncio.gather(*(get(each.filename) for each in listed))
            return len(listed), sum(each.attrs.size for each in listed)

    return asyncio.run(visit())


TOOLS = {"ours": ours, "paramiko": with_paramiko, "asyncssh": with_asyncssh}

if __name__ == "__main__":
    tool, facts, folder, *into = sys.argv[1:]
    files, total = TOOLS[tool](json.loads(Path(facts).read_text("utf-8")), folder, Path(into[0]) if into else None)
    print(f"{files} files of {total} bytes")
