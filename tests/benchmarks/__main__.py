"""`python -m tests.benchmarks [PART...]`: measures, and prints one table."""

import argparse
import os
import sys
from importlib import import_module

from tests.benchmarks.common import Timer
from tests.benchmarks.table import Row, info, machine, table

_PARTS = (
    "quality",
    "reading",
    "natural",
    "languages",
    "embedding",
    "ingest",
    "answer",
    "verdicts",
    "verify",
    "drafts",
    "writing",
    "evals",
    "serving",
    "start",
    "help",
    "room",
)
_ON_DEMAND = (
    "alarms",
    "attribution",
    "collection",
    "confidence",
    "fan_out",
    "history",
    "homes",
    "kills",
    "large",
    "modules",
    "peers",
    "runs_page",
    "scale",
    "soak",
)  # minutes; `peers` wants packages of its own
_KEPT = {
    "FOOTNOTE_BENCH",
    "FOOTNOTE_CACHE",
    "FOOTNOTE_HOMES_SECONDS",
    "FOOTNOTE_KILLS_ROUNDS",
    "FOOTNOTE_KILLS_SEED",
    "FOOTNOTE_LARGE_MB",
    "FOOTNOTE_PEERS_PYTHON",
    "FOOTNOTE_SOAK_RATE",
    "FOOTNOTE_SOAK_SECONDS",
}


def main() -> int:
    """Runs the named parts, or all that do not take long; 1 if one of them broke off."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    choices = (*_PARTS, *_ON_DEMAND)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(choices)} (default: all but {', '.join(_ON_DEMAND)})"
    )
    parts = parser.parse_args().parts or list(_PARTS)
    if unknown := [part for part in parts if part not in choices]:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(choices)}")
    # The figures are those of the defaults, whatever this user has set.
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_") and name not in _KEPT]:
        del os.environ[name]
    broken = False
    rows: list[Row] = []
    for part in parts:
        timer = Timer()
        try:
            rows += import_module(f"tests.benchmarks.{part}").run()
        except Exception as error:  # one part that breaks must not lose the others' figures
            broken = True
            rows.append(info(part, "BROKEN OFF", f"{type(error).__name__}: {error}".splitlines()[0]))
        sys.stderr.write(f"{part}: {timer.seconds:.0f} s\n")
    sys.stdout.write(f"{table(rows)}\n\n{machine()}\n")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
