"""Memory is given back to the system, and not after each piece of work."""

import subprocess
import sys

import pytest

from vectorstore.memory import MemoryTidier

LEFT_BETWEEN = """
from vectorstore.memory import give_back_memory

def megabytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

# Every hundredth block stays, so that the others leave gaps.
blocks = [bytes(8_000) for _ in range(20_000)]
kept = blocks[::100]
del blocks
before = megabytes()
give_back_memory()
print(before - megabytes())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Only glibc gives memory back when it is asked.")
def test_what_lies_free_between_what_is_used_is_given_back() -> None:
    """In a process of its own, whose memory nothing else changes."""
    done = subprocess.run([sys.executable, "-c", LEFT_BETWEEN], capture_output=True, text=True, check=True, timeout=60)
    assert float(done.stdout) > 50


def test_memory_is_given_back_once_in_a_while() -> None:
    tidier = MemoryTidier(every=3600)
    assert [tidier.tidy() for _ in range(3)] == [True, False, False]


def test_memory_is_given_back_again_when_it_is_time() -> None:
    tidier = MemoryTidier(every=0)
    assert [tidier.tidy(), tidier.tidy()] == [True, True]
