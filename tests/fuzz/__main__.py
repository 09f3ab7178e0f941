"""`python -m tests.fuzz SURFACE... --count N`: tries made-up inputs, and shows the shortest one that breaks something.

An input breaks something when its surface raises what it may not, or takes more than two seconds of the processor. A surface
is broken, too, when the process has grown by the end.
"""

import argparse
import ctypes
import faulthandler
import gc
import os
import pickle
import random
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.surfaces import SURFACES, Surface

SLOWEST = 2.0
"""Seconds of the processor that one input may take."""
HANGS = 120.0
"""Seconds after which an input is given up, and the process with it; nothing else stops a pattern that hangs."""
BLOCK = 250
"""Inputs after which the fuzzer's own memory is let go, so that the growth that is measured is the surface's."""
GROWTH = 30.0
"""Megabytes by which the process may grow between a third of the inputs and the last: what caches with a bound take."""


def main() -> int:
    """Fuzzes the named surfaces, or all; 1 where anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("surfaces", nargs="*", metavar="SURFACE", help=f"{', '.join(SURFACES)} (default: all)")
    parser.add_argument("--count", type=int, default=10_000, help="inputs for each surface (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="the same seed gives the same inputs (default: any)")
    args = parser.parse_args()
    if unknown := [name for name in args.surfaces if name not in SURFACES]:
        parser.error(f"there is no surface {unknown[0]}; there are {', '.join(SURFACES)}")
    start = args.seed if args.seed is not None else random.randrange(10**6)
    broken = [name for name in args.surfaces or SURFACES if not _fuzzed(name, args.count, start)]
    return int(bool(broken))


def _fuzzed(name: str, count: int, start: int) -> bool:
    """Tries so many inputs on one surface, and tells what came of it."""
    surface, slowest, began, early = SURFACES[name], [0.0], time.monotonic(), 0.0
    done = 0
    while done < count:
        size = min(BLOCK, count - done)
        try:
            _block(surface, size, start + done, slowest)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            sys.stdout.write(f"{name}: BROKEN by an input of seed {start}, after {done} others\n")
            raise
        done += size
        gc.collect()
        if done <= max(count // 3, BLOCK):
            early = _memory()
    grown = _memory() - early
    told = f"{done} inputs in {time.monotonic() - began:.0f} s, the slowest {slowest[0]:.2f} s, {grown:+.0f} MB at the end"
    sys.stdout.write(f"{name}: {told} (seed {start}){' GROWN' if grown > GROWTH else ''}\n")
    sys.stdout.flush()
    return grown <= GROWTH


def _block(surface: Surface, size: int, start: int, slowest: list[float]) -> None:
    """Tries so many inputs; raises what the shortest one raises that breaks something."""
    last = Path(tempfile.gettempdir()) / f"footnote-fuzz-{os.getpid()}.pickle"

    @seed(start)
    @settings(
        max_examples=size,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(surface.inputs())
    def tried(one: object) -> None:
        # Kept, as a process that hangs can tell nothing afterwards.
        last.write_bytes(pickle.dumps(one))
        faulthandler.dump_traceback_later(HANGS, exit=True)
        began = time.process_time()
        surface.work(one)
        took = time.process_time() - began
        faulthandler.cancel_dump_traceback_later()
        slowest[0] = max(slowest[0], took)
        if took > SLOWEST:
            raise AssertionError(f"an input took {took:.1f} s; it is kept in {last}")

    tried()
    last.unlink(missing_ok=True)


def _memory() -> float:
    """Megabytes of this process, without those that the C library holds for what comes next.

    Vectors of texts of all lengths come and go, and leave gaps of all lengths between them. The gaps are used again, so
    they tell nothing of what is kept; and they grow slowly, so that they would hide it.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
