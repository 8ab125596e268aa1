"""A process that is next to nothing, between a benchmark and what it measures.

Linux counts towards a process's peak memory what its parent had resident when it was started. So the parent is this:
started without site packages, it runs one command, waits, and writes what it cost.

    python -I -S launcher.py FILE COMMAND …
"""

import os
import sys
import time


def main(file: str, command: list[str]) -> int:
    """Run the command, write wall seconds, processor seconds and peak KiB to the file, and return its exit status."""
    began_s = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    wall_s = time.perf_counter() - began_s
    with open(file, "w", encoding="ascii") as written:  # noqa: PTH123  pathlib is not imported, it is not next to nothing
        written.write(f"{wall_s} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss}")
    return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
