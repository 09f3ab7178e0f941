"""Three writers, killed now and then, and two readers on two homes that share a PostgreSQL and a Chroma: is anything lost?

FOOTNOTE_HOMES_SECONDS says for how long, two minutes unless it is set. The PostgreSQL is TEST_POSTGRES_URL's, or one that is
started for this where it is installed.
"""

import os
import tempfile
from pathlib import Path

from tests.benchmarks.table import Row, info, under
from tests.servers import chroma_server, postgres_schema
from tests.two_homes import SharedStore, interleave

_SECONDS = 120.0
_KILLED_EVERY = 5.0


def run() -> list[Row]:
    """The rows of this part."""
    seconds = float(os.environ.get("FOOTNOTE_HOMES_SECONDS") or _SECONDS)
    with tempfile.TemporaryDirectory() as folder, postgres_schema() as catalog, chroma_server(Path(folder, "chroma")) as chroma:
        report = interleave(SharedStore(Path(folder, "store"), catalog, chroma.url), seconds, killed_every=_KILLED_EVERY)
    written = f"{report.added} articles added, {report.removed} removed or changed"
    done = f"{written}, {report.searches} searches, {report.killed} writers killed"
    left = f"{report.articles} articles in {report.chunks} chunks"
    return [
        info(f"two homes, three writers and two readers for {seconds:.0f} s", done, "tests/benchmarks/homes.py"),
        info("two homes: left at the end", left, "tests/benchmarks/homes.py"),
        under("two homes: losses", len(report.faults), 1, report.faults[0] if report.faults else "none", "{:.0f}"),
    ]
