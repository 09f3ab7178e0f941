"""Writers that are killed over ingest, prune, removal and rebuild, while their disk refuses writes: is anything lost?

FOOTNOTE_KILLS_ROUNDS says how often, 100 times unless it is set, and FOOTNOTE_KILLS_SEED which rounds these are. Writes fail
by a library in C that is compiled for this; where there is no compiler, writers are only killed, which the first row says.
"""

import os

from tests.benchmarks.table import Row, info, under
from tests.kill_rounds import kill_rounds

_ROUNDS = 100


def run() -> list[Row]:
    """The rows of this part."""
    rounds = int(os.environ.get("FOOTNOTE_KILLS_ROUNDS") or _ROUNDS)
    report, failing = kill_rounds(rounds, int(os.environ.get("FOOTNOTE_KILLS_SEED") or 1))
    told = f"{report.told} errors told to writers" if failing else "no writes failed, as nothing could be compiled"
    return [
        info(f"{report.rounds} kills", f"{report.done} writes reported, {told}", "tests/benchmarks/kills.py"),
        info("kills: looked for afterwards", f"{report.searches} searches", "tests/benchmarks/kills.py"),
        under("kills: faults", len(report.faults), 1, report.faults[0] if report.faults else "none", "{:.0f}"),
    ]
