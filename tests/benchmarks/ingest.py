"""A thousand articles taken in, once more unchanged, and with one of them changed; each time by a `footnote` of its own."""

import json
import tempfile
from itertools import islice
from pathlib import Path

from tests.benchmarks.common import Record, Timer, articles, footnote
from tests.benchmarks.table import Row, info, under

_ARTICLES = 1000


def run() -> list[Row]:
    """Seconds are those of the whole command, Python's start included."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = Path(scratch) / "articles", Path(scratch) / "home"
        folder.mkdir()
        for n, text in enumerate(islice(articles(paragraphs=2), _ARTICLES)):
            (folder / f"{n}.txt").write_text(text, encoding="utf-8")
        first, took = _ingest(folder, home)
        again, took_again = _ingest(folder, home)
        (folder / "7.txt").write_text("This one is new.", encoding="utf-8")
        changed, took_changed = _ingest(folder, home)
    where = f"footnote ingest, {_ARTICLES} files, {first['chunks']} chunks"
    speed = first["embedded"] / first["seconds"]
    return [
        info("first ingest", f"{took:.1f} s, {speed:.0f} chunks a second", where),
        Row("unchanged: texts embedded", "0", str(again["embedded"]), where),
        under("unchanged: time", took_again, 2, f"the whole command; the ingest itself {again['seconds']:.2f} s"),
        info(
            "one changed: time", f"{took_changed:.2f} s", f"{changed['embedded']} embedded; itself {changed['seconds']:.2f} s"
        ),
    ]


def _ingest(folder: Path, home: Path) -> tuple[Record, float]:
    timer = Timer()
    report = json.loads(footnote("ingest", folder, "--home", home, "--json"))
    return report, timer.seconds
