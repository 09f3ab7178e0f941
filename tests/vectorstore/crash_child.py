"""Ingests again and again in processes that are killed at any moment: `crash_child.py HOME FOLDER LOG ROUNDS SEED`.

Each process is forked from this one, which has imported everything and opened nothing, so that a round takes a moment. The
moments are told by the processor's time, so that a busy machine has them killed over the same work as an idle one.
"""

import os
import random
import signal
import sys
from pathlib import Path

import vectorstore.searching.dense  # noqa: F401  # two seconds, once for all rounds
from tests.vectorstore.fake_encoder import FakeEncoder, open_index
from vectorstore.encoding.embed import Encoded
from vectorstore.ingest import Ingestor


class Logging(FakeEncoder):
    """Writes down what it embeds, in a way that survives the kill."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def encode(self, texts: list[str]) -> list[Encoded]:
        with self._log.open("a") as log:
            log.writelines(f"{text!r}\n" for text in texts)
        return super().encode(texts)


def ingest(home: Path, folder: Path, log: Path) -> None:
    index = open_index(home, page=16)
    Ingestor(index, Logging(log), limit=60, batch=8).ingest([folder], prune=True)


def main(home: Path, folder: Path, log: Path, rounds: int, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(rounds):
        moment = dice.uniform(0.05, 0.8)
        child = os.fork()
        if not child:
            # Nobody handles SIGPROF, so the system ends the process where it is, as SIGKILL would.
            signal.setitimer(signal.ITIMER_PROF, moment)
            ingest(home, folder, log)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), int(sys.argv[4]), int(sys.argv[5]))
