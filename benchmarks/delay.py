"""A line of some length: a proxy that hands on every byte, later.

    python -m benchmarks.delay PORT MILLISECONDS

Each direction is late by half the round trip; how much passes at once is not limited. It prints its own port, and ends
when its standard input does.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys

HOST = "127.0.0.1"
AT_ONCE_BYTES = 2**18


async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    """Hand on what comes, when it is due, and at the end the end."""
    loop = asyncio.get_running_loop()
    on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def arrive() -> None:
        while True:
            due, chunk = await on_the_way.get()
            await asyncio.sleep(due - loop.time())
            if not chunk:
                break
            writer.write(chunk)
            await writer.drain()

    arriving = asyncio.create_task(arrive())
    chunk = b"to begin with"
    with contextlib.suppress(ConnectionError):
        while chunk:
            chunk = await reader.read(AT_ONCE_BYTES)
            on_the_way.put_nowait((loop.time() + delay_s, chunk))
    with contextlib.suppress(ConnectionError):
        await arriving
        writer.close()


async def main(port: int, round_trip_s: float) -> None:
    """Serve until standard input ends."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(HOST, port)
        half_s = round_trip_s / 2
        await asyncio.gather(late(reader, far_writer, half_s), late(far_reader, writer, half_s))

    async with await asyncio.start_server(connected, HOST, 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000))
