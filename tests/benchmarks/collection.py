"""Questions about the collection and the program: how many are recognised, and how many of the text's own they take away."""

import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.answering.collection.catalog import ArticleLookup
from bot.answering.collection.intents import OTHER, IntentRecogniser
from bot.answering.collection.replies import Collection, ProgramFacts
from bot.answering.pipeline import Bot
from bot.answering.retrieval import Limits
from bot.types import Question, Turn
from tests.benchmarks.common import ROOT, SETS, Timer, data_folder, footnote, questions, records
from tests.benchmarks.table import Row, info
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import manifest_of
from vectorstore.searching.search import Searcher
from vectorstore.storage.home import Home

UTTERANCES = ROOT / "tests" / "bot" / "answering" / "collection"


def run() -> list[Row]:
    """The share of utterances with their intent, and the questions of the development sets that the catalog answers."""
    encoder = LocalEncoder()
    recogniser = IntentRecogniser(lambda texts: np.stack([encoder.encode_query(text).vector for text in texts]))
    rows = [_recognised(recogniser, name) for name in ("unseen.toml", "utterances.toml")]
    return [*rows, _cost(recogniser), *_taken(recogniser, encoder)]


def _recognised(recogniser: IntentRecogniser, name: str) -> Row:
    read = tomllib.loads((UTTERANCES / name).read_text(encoding="utf-8"))
    wanted = [(intent, text) for intent, texts in read.items() if intent != OTHER for text in texts]
    right = sum((one := recogniser.recognise(text)) is not None and one.intent == intent for intent, text in wanted)
    return info(f"utterances with their intent, {name}", f"{right / len(wanted):.3f}", f"{right} of {len(wanted)}")


def _cost(recogniser: IntentRecogniser) -> Row:
    asked = [text for name in SETS for text in questions(name)]
    timer = Timer()
    for text in asked:
        recogniser.recognise(text)
    return info("what recognising adds to a question", f"{1000 * timer.seconds / len(asked):.1f} ms", f"{len(asked)} questions")


def _taken(recogniser: IntentRecogniser, encoder: LocalEncoder) -> Iterator[Row]:
    """The false alarms: none of these questions is about the collection or the program."""
    sets = data_folder()
    for name in SETS if sets else ():
        assert sets is not None
        with tempfile.TemporaryDirectory() as scratch:
            home = Path(scratch) / name
            footnote("ingest", sets / name / "articles.jsonl", "--home", home)
            index = Index.open(Home(home))
            searcher = Searcher(index, encoder, manifest_of(encoder))
            collection = Collection(recogniser, ArticleLookup(index.catalog, searcher.search))
            bot = Bot(searcher.search, index.catalog.summaries, Limits(), collection=(collection, ProgramFacts()))
            asked = [one for file in sorted((sets / name).glob("questions*.jsonl")) for one in _questions(file)]
            taken = sum(bot.of_the_collection(one) is not None for one in asked)
            index.close()
        yield info(f"questions of {name} that the catalog answers", f"{taken} of {len(asked)}", "none of them should be")


def _questions(file: Path) -> Iterator[Question]:
    for one in records(file.read_text(encoding="utf-8")):
        yield Question(str(one["question"]), tuple(Turn(role, text) for role, text in one["history"]))
