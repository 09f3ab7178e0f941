"""What the tests of written answers share: a search that always finds the same two articles, and the events of an answer."""

from collections.abc import Sequence

from bot.answering.pipeline import Bot
from bot.answering.retrieval import Limits
from bot.answering.writing import ModelWriter
from bot.types import Answer, Done, Event, Question
from vectorstore.searching.search import Query, SearchHits
from vectorstore.splitting.sentences import sentences
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import Hit, Stage

BRIDGE = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day. It is made of iron."
PEOPLE = "Ada Brandt drew the plans of the bridge. She was born in Riga and never saw it finished."
TEXTS = {"bridge.md": BRIDGE, "people.md": PEOPLE}
HARD = Question("When did the bridge at Ner open?")


class Canned:
    """A search that always finds both articles whole; keeps what it was asked."""

    def __init__(self, texts: dict[str, str] = TEXTS, evidence: float = 0.9) -> None:
        stages = {"passage": Stage(1, evidence), "dense": Stage(1, evidence)}
        self.hits = tuple(_hit(id, text, stages, evidence) for id, text in texts.items())
        self.asked: list[Query] = []

    def __call__(self, query: Query, k: int) -> SearchHits:
        self.asked.append(query)
        return SearchHits(self.hits[:k], {}, ())


def _hit(id: str, text: str, stages: dict[str, Stage], evidence: float) -> Hit:
    spans = tuple(sentences(text))
    return Hit(id, 0, len(text), text, 1.0, stages, 1, 0, spans, (evidence,) * len(spans))


def about(ids: Sequence[str]) -> dict[str, ArticleSummary]:
    return {
        id: ArticleSummary(id, id.removesuffix(".md").title(), "", "", f"https://mine.test/{id}", False, 100, 1) for id in ids
    }


def count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def told(writer: ModelWriter, question: Question = HARD, search: Canned | None = None) -> list[Event]:
    return list(Bot(search or Canned(), about, Limits(), writer).stream(question))


def answered(writer: ModelWriter, question: Question = HARD, search: Canned | None = None) -> Answer:
    done = told(writer, question, search)[-1]
    assert isinstance(done, Done)
    return done.answer
