"""Replies of an SFTP server, damaged at random, given to the reader: it reads on or refuses, and nothing else.

    python -m tests.fuzz_replies [--executions 100000] [--seed 0]

Each execution builds a server with a few files and damages some of its answers: bits, bytes, lengths, kinds, ids; some
are dropped, doubled, cut, or made anew. Whatever comes, the reader must end in an answer or in one of its own errors,
must not hand on more of a file than its listed size and one byte, must not hold more than its budget, and must not ask
without end. An execution that breaks a rule is told by its seed, which repeats it.
"""

from __future__ import annotations

import random
import struct
from collections import Counter

from pytest_hkexprt.systems.rap.client_sftp import Reader
from pytest_hkexprt.systems.rap.packets import BadAnswer, Refused
from pytest_hkexprt.systems.rap.pipeline import AtFile, Depth, Wanted
from tests import fuzzing
from tests.systems.rap.sftp_double import Double

MOST_REQUESTS = 5000
"""Far above what any of these folders takes; a reader that asks more does not end."""
EDGES = (0, 1, 4, 5, 255, 32767, 32768, 2**16, 2**20, 2**31 - 1, 2**31, 2**32 - 1)


def damaged(answer: bytes, rng: random.Random) -> bytes:
    """Return an answer with something wrong in it."""
    at = rng.randrange(len(answer))
    some = rng.randbytes(rng.randint(1, 8))
    whole_words = max(1, len(answer) // 4)
    word = 4 * rng.randrange(whole_words)
    return rng.choice(
        [
            answer[:at] + bytes([answer[at] ^ (1 << rng.randrange(8))]) + answer[at + 1 :],
            answer[:at] + some + answer[at:],
            answer[:at] + answer[at + rng.randint(1, 8) :],
            answer[:at],
            answer + answer,
            b"",
            answer[:word] + struct.pack(">I", rng.choice(EDGES)) + answer[word + 4 :],
            answer[:4] + bytes([rng.choice((2, 101, 102, 103, 104, 105, 201, rng.randrange(256)))]) + answer[5:],
            answer[:5] + struct.pack(">I", rng.choice((0, 1, 2, 3, 2**32 - 1))) + answer[9:],
            struct.pack(">IBI", 5 + len(some), rng.choice((101, 102, 103, 104, 105)), rng.randrange(8)) + some,
        ]
    )


def one(seed: int) -> str:
    """Run one execution; return how it ended.

    Raises:
        AssertionError: a rule was broken.
    """
    rng = random.Random(seed)
    often = rng.choice((0.02, 0.1, 0.5))
    files = {b"f%d" % number: rng.randbytes(rng.choice((0, 1, 7, 300, 2000))) for number in range(rng.randint(0, 6))}
    double = Double(
        files,
        rng=random.Random(seed + 1),
        links=(b"link",) * rng.randint(0, 2),
        per_answer=rng.randint(1, 4),
        limits=rng.choice((None, (262144, 261120, 261120, 100), (0, rng.choice(EDGES), 0, rng.choice(EDGES)))),
        changed=lambda _, answer: damaged(answer, rng) if rng.random() < often else answer,
    )
    depth = Depth(open_files=4, requests=12, in_flight_bytes=4000, block_bytes=500, ahead=3)
    try:
        reader = Reader(double, depth)
        for _ in reader.entries(b"."):
            assert len(double.requests) < MOST_REQUESTS
        wanted = [Wanted(name, len(content) if rng.random() < 0.8 else None) for name, content in files.items()]
        came, ended = Counter[int](), Counter[int]()
        for index, block in reader.files(wanted):
            assert not ended[index], "a block after the end"
            if block is None:
                ended[index] += 1
            else:
                assert len(block), "an empty block"
                came[index] += len(block)
            listed = wanted[index].size_bytes
            assert listed is None or came[index] <= listed + 1, "more than listed and one byte"
            assert len(double.requests) < MOST_REQUESTS
        assert len(ended) == len(wanted), "a file without its end"
    except (BadAnswer, Refused, AtFile, EOFError) as error:
        return type(error).__name__
    return "read"


def fuzz(executions: int, seed: int) -> Counter[str]:
    """Run executions of consecutive seeds; see :func:`tests.fuzzing.fuzz`."""
    return fuzzing.fuzz(one, executions, seed)


if __name__ == "__main__":
    fuzzing.main("Damaged SFTP replies, given to the reader", one)
