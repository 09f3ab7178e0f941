"""What the prompt lab adds to answers: a set in quotes mode, a set against a model's server, and a set that was cached.

The server is the one of the tests, on loopback, in a process of its own, as any model is; its own time is that of the words it
sends, each after a wait, so many answers at a time. It answers with sentences of the passages that it is sent.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from multiprocessing import Pipe, get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.evals import cases
from bot.evals.records import Case, Run, Setup
from bot.evals.runner import run as run_cases
from bot.evals.store import RunStore
from bot.resources import seeds_dir
from bot.settings import load_settings
from bot.wiring import Service, open_service
from tests import fake_model
from tests.benchmarks.common import Timer, footnote
from tests.benchmarks.table import Row, info, under
from tests.openai_server import KEY, serving

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_QUOTED = 40
_WRITTEN = 200
_AT_ONCE = 8
_DELAY = 0.01


def run() -> list[Row]:
    """The starter cases on the example articles; each part with its own cache."""
    with tempfile.TemporaryDirectory() as scratch, _model() as (address, sent):
        home = Path(scratch) / "home"
        app = open_service(load_settings(home=home, openai_base_url=address, openai_api_key=KEY, model="openai:fake-model"))
        app.library.ingest([seeds_dir()], prune=False, rebuild=False, progress=None)
        rows = [*_quoted(home, Path(scratch)), *_written(app, sent, RunStore(Path(scratch) / "written"))]
        app.close()
    return rows


@contextmanager
def _model() -> Iterator[tuple[str, Callable[[], int]]]:
    """The address of a model's server, and what gives the words that it has sent so far."""
    there, here = Pipe()
    process = get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    address = str(here.recv())

    def sent() -> int:
        here.send("sent?")
        return int(here.recv())

    try:
        yield address, sent
    finally:
        here.send("end")
        process.join()


def _serve(pipe: "Connection[object, object]") -> None:
    """Runs the server until it is told to end."""
    sent = list[int]()

    def answer(messages: Sequence[dict[str, Any]]) -> str:
        text = fake_model.answer(messages)
        sent.append(len(re.findall(r"\S+", text)))
        return text

    with serving() as server:
        server.responder, server.delay = answer, _DELAY
        pipe.send(server.address)
        while pipe.recv() != "end":
            pipe.send(sum(sent))


def _quoted(home: Path, scratch: Path) -> list[Row]:
    """By the command, so that its start and the opening of the model and the index are in it; then cached, in process."""
    file = scratch / "cases.yaml"
    file.write_text(cases.dump(_some(_QUOTED)), encoding="utf-8")
    timer = Timer()
    footnote("eval", "run", file, "--model", "quotes", "--home", home)
    seconds = timer.seconds
    app = open_service(load_settings(home=home, model="quotes"))
    cached, made = _timed(app, RunStore(app.lab.evals_home()), app.lab.setup(), _some(_QUOTED))
    app.close()
    assert all(result.cached for result in made.results)
    where = f"{_QUOTED} starter cases with their scores"
    return [
        under(f"{_QUOTED} cases in quotes mode", seconds, 15, f"{where}, `footnote eval run` from its start"),
        under("a cached case", 1000 * cached / _QUOTED, 20, where, "{:.1f} ms"),
    ]


def _written(app: Service, sent: Callable[[], int], store: RunStore) -> list[Row]:
    _timed(app, store, app.lab.setup(), _some(1))
    before = sent()
    seconds, made = _timed(app, store, replace(app.lab.setup(), name="written"), _some(_WRITTEN), _AT_ONCE)
    words = sent() - before
    own = _DELAY * words / _AT_ONCE
    cached, again = _timed(app, store, app.lab.setup(), _some(_WRITTEN))
    assert made.complete and all(result.outcome == "done" and result.cached for result in again.results)
    where = f"{_WRITTEN} cases, {_AT_ONCE} at a time, {words:,} words, {1000 * _DELAY:.0f} ms each"
    return [
        under("answers by a model: the run's time by the server's own", seconds / own, 1.5, where, "{:.2f}"),
        info("  the run, and the server's own", f"{seconds:.1f} s, {own:.1f} s", where),
        under("a cached case that a model wrote", 1000 * cached / _WRITTEN, 20, f"{_WRITTEN} cases", "{:.1f} ms"),
    ]


def _timed(app: Service, store: RunStore, setup: Setup, these: tuple[Case, ...], jobs: int = 4) -> tuple[float, Run]:
    timer = Timer()
    made = run_cases(store.begin(these, setup), app.lab.evaluating(setup), store, jobs=jobs)
    return timer.seconds, made


def _some(count: int) -> tuple[Case, ...]:
    """The starter cases, over again where there are not so many."""
    found = islice(cycle(cases.load(cases.STARTER)), count)
    return tuple(replace(case, id=f"{case.id}-{n}") for n, case in enumerate(found))
