"""How many of the program's modules a question crosses, from `service.chat.stream` to a written answer with its verdicts.

A module counts once any function of its own is entered while one question is answered: a profile hook notes the file of each
call, in all threads. The model is the tests' server on loopback; two answers before it have opened what stays open, so that
loading, which happens once, does not count. The answer is the fake model's: sentences that are right, wrong, in doubt and
without a source. `python -m tests.benchmarks.modules` lists the modules too.
"""

import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

from bot.resources import seeds_dir
from bot.settings import load_settings
from bot.types import Done, Question
from bot.wiring import Service, open_service
from tests import fake_model
from tests.benchmarks.common import ROOT
from tests.benchmarks.table import Row, under
from tests.openai_server import KEY, serving

_TARGET = 46
_QUESTION = "What does the alliance ask of the Japanese government?"
_OURS = tuple(str(ROOT / name) + "/" for name in ("bot", "vectorstore"))


def run() -> list[Row]:
    """The count of the project's modules, with those of the index apart."""
    found = crossed()
    inside = sum(name.startswith("bot/") for name in found)
    where = f"{inside} of bot, {len(found) - inside} of vectorstore; the fake model, {_QUESTION}"
    return [under("modules that a question crosses to a written answer", len(found), _TARGET, where, "{:.0f}")]


def crossed() -> list[str]:
    """The modules, as paths below the repository's root."""
    with tempfile.TemporaryDirectory() as scratch, serving() as server:
        server.responder = fake_model.answer
        settings = load_settings(
            home=Path(scratch), openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model"
        )
        service = open_service(settings)
        service.library.ingest([seeds_dir()], prune=False, rebuild=False, progress=None)
        for _ in range(2):
            _answer(service)
        entered: set[str] = set()

        def note(frame: FrameType, event: str, _: object) -> None:
            # What runs as `<module>` is an import, which is not a step of the answer.
            if event == "call" and frame.f_code.co_name != "<module>":
                entered.add(frame.f_code.co_filename)

        threading.setprofile_all_threads(note) if sys.version_info >= (3, 12) else threading.setprofile(note)
        sys.setprofile(note)
        try:
            _answer(service)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
        service.close()
    return sorted(str(Path(file).relative_to(ROOT)) for file in entered if file.startswith(_OURS))


def _answer(service: Service) -> None:
    for event in service.chat.stream(Question(_QUESTION)):
        if isinstance(event, Done) and not event.answer.claims:
            raise RuntimeError("the fake model wrote nothing")


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in crossed()))
    sys.stdout.flush()
