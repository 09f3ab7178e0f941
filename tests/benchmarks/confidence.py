"""Fits the weights of `bot/answering/extract.py` anew, and says how well both tell what is answered.

Each development set is asked its own questions, those of another set, its own with the article that answers taken away, and
what its articles hardly say of the names in them ("How tall is Luther?"); and so are collections of 1, 3, 10 and 100 of its
passages, with the one that answers and without. They are scopes of one index.
"""

import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.answering.extract import BAR, BAR_ACROSS, WEIGHTS, WEIGHTS_ACROSS, confidence, extract, mean_features
from bot.answering.retrieval import pack_passages
from bot.conversation.condense import condense, searched
from bot.reading.names import names
from bot.types import Question, Turn
from tests.benchmarks.common import SETS, Floats, Record, data_folder, logistic, records
from tests.benchmarks.quality import auc
from tests.benchmarks.table import Row, info, missing
from vectorstore.encoding.answer_judge import ensure_judge
from vectorstore.encoding.embed import E5, MINILM, LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching.ranking import MULTILINGUAL_RANKING
from vectorstore.searching.search import Query, Searcher, SearchHits
from vectorstore.storage.home import Home
from vectorstore.types import Scope

SIZES = (1, 3, 10, 100)
ASKED = 100
"""Questions of each set that are asked of each size of collection."""
EVERY = 3
"""One question of so many is asked where its article is taken away, and of the other set."""
NEAR = 80
"""Questions about names in each set's articles."""
UNTOLD = (
    *("Who is {}'s wife?", "How old is {}?", "Where does {} live?", "how tall is {}", "What is {}'s favourite food?"),
    *("How many children does {} have?", "When was {} born?", "Why did {} resign?", "Which school did {} go to?"),
    *(
        "What is the population of {}?",
        "Who is the mayor of {}?",
        "What does a ticket to {} cost?",
        "How far is {} from London?",
    ),
    *("Who designed the flag of {}?", "which language is spoken in {}", "What colour is {}?", "How much did {} cost?"),
    *("Who owns {}?", "How can I contact {}?", "How many people work for {}?", "what is the phone number of {}"),
)
"""What articles seldom say of what they name. Some do, so that not quite all of these questions are without an answer."""
BELOW = 0.12
"""The default of `abstain_below`."""
_WHERE = "python -m tests.benchmarks confidence"
_NAME = re.compile(r"[A-Z][\w'.-]{3,}(?: [A-Z][\w'.-]+){0,2}")


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of a collection: the set, what was done to it, and what was found; `answered` is what is true."""

    of: str
    kind: str
    answered: bool
    features: Mapping[str, float]


def run() -> list[Row]:
    """Asks the questions, and tells of the weights in force and of a new fit."""
    sets = data_folder()
    if sets is None:
        return [missing("confidence")]
    with tempfile.TemporaryDirectory() as scratch:
        english = table(asked(sets, Path(scratch) / "english"))
        across = table(asked(sets, Path(scratch) / "across", across=True), across=True)
    return [*english, *(replace(row, measure=f"across: {row.measure}") for row in across)]


def asked(sets: Path, home: Path, *, across: bool = False) -> list[Case]:
    """All cases; the index is made in `home` unless it is there.

    `across` asks XQuAD's questions in eleven languages in turn, and searches with the encoder for all languages.
    """
    collection = _Collection(sets, home, across)
    try:
        return list(_cases(collection))
    finally:
        collection.close()


def table(cases: Sequence[Case], *, across: bool = False) -> list[Row]:
    """The areas under the curve and what would be abstained from, then the weights of a fit on all sets."""
    weights, bar = (WEIGHTS_ACROSS, BAR_ACROSS) if across else (WEIGHTS, BAR)
    fitted = fit(cases)
    without = {name: fit([case for case in cases if case.of != name]) for name in SETS}
    rows: list[Row] = []
    for label, group in _groups(cases).items():
        of = {case.of for case in group}
        alone = f", {_auc(group, without[next(iter(of))]):.3f} fitted without it" if len(of) == 1 else ""
        now = _auc(group, confidence)
        rows.append(info(label, f"AUC {now:.3f}; {_auc(group, fitted):.3f} fitted anew{alone}; {_shares(group)}", _WHERE))
    names = _names(cases)
    rows += [
        info(f"weight of {name}", f"{weights.get(name, 0):.2f}", f"{fitted.weights[at]:.2f} fitted anew")
        for at, name in enumerate(names)
    ]
    return [*rows, info("bar", f"{bar:.2f}", f"{-fitted.weights[-1]:.2f} fitted anew, for as many questions of either kind")]


@dataclass(frozen=True, slots=True)
class Fit:
    """A logistic curve over named features."""

    names: tuple[str, ...]
    weights: Floats

    def __call__(self, found: Mapping[str, float]) -> float:
        return float(np.dot([*(found[name] for name in self.names), 1.0], self.weights))


def fit(cases: Sequence[Case]) -> Fit:
    """Logistic regression; each group counts alike, a whole set twice, conversations four times."""
    names = _names(cases)
    groups: dict[tuple[str, str, bool], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.of, "" if case.kind in ("own", "other", "left out") else case.kind, case.answered].append(case)
    x = np.array([[case.features[name] for name in names] for group in groups.values() for case in group])
    y = np.array([float(case.answered) for group in groups.values() for case in group])
    counts = {key: 4.0 if key[0] == "conversations" and not key[1] else 1.0 if key[1] else 2.0 for key in groups}
    each = np.array([50 * counts[key] / len(group) for key, group in groups.items() for _ in group])
    return Fit(names, logistic(x, y, each))


def _names(cases: Sequence[Case]) -> tuple[str, ...]:
    return tuple(name for name in cases[0].features if name != "across")


def _groups(cases: Sequence[Case]) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = {"conversations": _of(cases, "conversations", "own")}
    for name in ("xquad", "chunking"):
        groups[f"{name}, and another set's questions"] = _of(cases, name, "own", "other")
        groups[f"{name}, article left out"] = _of(cases, name, "own", "left out")
    for name in SETS:
        groups[f"{name}, and what is not said of its names"] = _of(cases, name, "own", "near")
    for size in SIZES:
        groups[f"{size} passages"] = [case for case in cases if case.kind == str(size)]
    return groups


def _of(cases: Sequence[Case], name: str, *kinds: str) -> list[Case]:
    return [case for case in cases if case.of == name and case.kind in kinds]


def _auc(cases: Sequence[Case], score: Callable[[Mapping[str, float]], float]) -> float:
    return auc(
        [score(case.features) for case in cases if case.answered], [score(case.features) for case in cases if not case.answered]
    )


def _shares(cases: Sequence[Case]) -> str:
    below = [[confidence(case.features) < BELOW for case in cases if case.answered is kind] for kind in (True, False)]
    answered, others = (f"{np.mean(kind):.1%} of {len(kind)}" for kind in below)
    return f"abstained {answered} answered, {others} others"


def _cases(collection: "_Collection") -> Iterator[Case]:
    for name in SETS:
        whole = Scope(tuple(collection.articles[name]))
        for question in collection.questions[name]:
            if question.get("kind", "ANSWERABLE") in ("ANSWERABLE", "UNANSWERABLE"):
                yield from collection.case(name, "own", question, whole, question["answerable"])
    for name, other in (("xquad", "chunking"), ("chunking", "xquad")):
        for question in collection.questions[other][::EVERY]:
            yield from collection.case(name, "other", question, Scope(tuple(collection.articles[name])), False)
        for question in collection.questions[name][::EVERY]:
            gone = {f"{name}/{article}" for article in question["relevant"]}
            left = tuple(article for article in collection.articles[name] if article not in gone)
            yield from collection.case(name, "left out", question, Scope(left), False)
    for name in SETS:
        yield from _near(collection, name, random.Random(name))
        yield from _small(collection, name, random.Random(name))


def _near(collection: "_Collection", name: str, draw: random.Random) -> Iterator[Case]:
    """Questions about names that stand in the articles twice at least."""
    found = Counter(one for text in collection.texts[name] for one in names(text) if _NAME.fullmatch(one))
    often = [one for one, count in found.items() if count > 1]
    for _ in range(NEAR):
        question = draw.choice(UNTOLD).format(draw.choice(often))
        record = {"question": question, "history": []}
        yield from collection.case(name, "near", record, Scope(tuple(collection.articles[name])), False)


def _small(collection: "_Collection", name: str, draw: random.Random) -> Iterator[Case]:
    """Collections of a few passages, half of them from the neighbourhood of those that answer."""
    questions = [one for one in collection.questions[name] if one.get("kind", "ANSWERABLE") == "ANSWERABLE"]
    for size in SIZES:
        for question in draw.sample(questions, min(ASKED, len(questions))):
            answering = collection.answering(name, question)
            if not answering:
                continue
            near = [one for one in collection.around(name, answering[0]) if one not in answering]
            far = [one for one in draw.sample(collection.pieces[name], size + len(answering)) if one not in answering]
            draw.shuffle(near)
            others = [*(near[: max(1, size // 2)] if draw.random() < 0.5 else []), *far]
            kept = answering[:size]
            yield from collection.case(name, str(size), question, Scope((*kept, *others[: size - len(kept)])), True)
            yield from collection.case(name, str(size), question, Scope(tuple(others[:size])), False)


class _Collection:
    """The development sets in one index: their articles, and each passage of them as an article of its own."""

    def __init__(self, sets: Path, home: Path, across: bool) -> None:
        self._encoder = LocalEncoder(local_model=E5 if across else MINILM)
        self._index = Index.open(Home(home), create=True)
        self.questions = {name: records((sets / name / "questions.jsonl").read_text(encoding="utf-8")) for name in SETS}
        self.texts = {name: [one["text"] for one in _articles(sets, name)] for name in SETS}
        if across:
            self.questions["xquad"] = _in_turn(sets / "xquad")
        if not self._index.catalog.counts()[0]:
            self._fill(sets, home)
        ranking = MULTILINGUAL_RANKING if across else None
        self._judge = None if across else ensure_judge().scores
        self._searcher = Searcher(self._index, self._encoder, manifest_of(self._encoder), ranking)
        ids = [one.id for one in self._index.catalog.articles()]
        self.articles = {name: [id for id in ids if id.startswith(f"{name}/") and "#" not in id] for name in SETS}
        # The articles of conversations are passages as they are.
        self.pieces = {name: [id for id in ids if id.startswith(f"{name}/") and "#" in id] for name in SETS}
        self.pieces["conversations"] = self.articles["conversations"]

    def close(self) -> None:
        self._index.close()

    def case(self, name: str, kind: str, question: Record, scope: Scope, answered: bool) -> Iterator[Case]:
        """The question asked within the scope; nothing where no sentence was found."""
        query = replace(
            condense(Question(question["question"], tuple(Turn(*turn) for turn in question["history"]))), scope=scope
        )
        reading = searched(self._searcher.search, query, 12)
        found = self._features(reading.query, reading.found)
        if reading.alone is not None:
            found = mean_features(found, self._features(reading.query.alone, reading.alone))
        if found:
            yield Case(name, kind, answered, found)

    def _features(self, query: Query, found: SearchHits) -> Mapping[str, float]:
        passages = pack_passages(found.hits, self._index.catalog.summaries, 8)
        return extract(query.text, query.before, passages, 4, judge=self._judge).features

    def answering(self, name: str, question: Record) -> list[str]:
        """The passages that answer."""
        if name == "conversations":
            return [f"{name}/{article}" for article in question["relevant"]]
        spans = [(f"{name}/{article}", start, end) for article, start, end in question["spans"]]
        return [id for id in self.pieces[name] if any(_meets(id, *span) for span in spans)]

    def around(self, name: str, piece: str) -> list[str]:
        """The passages of the same article, or of the same source where an article is one passage."""
        article = piece.partition("#")[0]
        source = article.rsplit("-", 2)[0] if name == "conversations" else f"{article}#"
        return [id for id in self.pieces[name] if id.startswith(source)]

    def _fill(self, sets: Path, home: Path) -> None:
        """Takes in the articles, then the chunks that they were split into."""
        ingestor = Ingestor(self._index, self._encoder)
        whole = [(f"{name}/{one['id']}", one["text"]) for name in SETS for one in _articles(sets, name)]
        ingestor.ingest([_written(home / "articles.jsonl", whole)])
        catalog = self._index.catalog
        chunks = ((id, chunk) for id, _ in whole if not id.startswith("conversations/") for chunk in catalog.chunks_of(id))
        ingestor.ingest(
            [_written(home / "pieces.jsonl", [(f"{id}#{chunk.start}-{chunk.end}", chunk.text) for id, chunk in chunks])]
        )


def _meets(piece: str, article: str, start: int, end: int) -> bool:
    """Whether the passage lies in the article and shares a character with [start, end)."""
    id, _, place = piece.partition("#")
    first, last = map(int, place.split("-"))
    return id == article and start < last and first < end


def _in_turn(folder: Path) -> list[Record]:
    """XQuAD's questions, each in one of its languages."""
    languages = [records(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("questions*.jsonl"))]
    return [same[at % len(languages)] for at, same in enumerate(zip(*languages, strict=True))]


def _articles(sets: Path, name: str) -> list[Record]:
    return records((sets / name / "articles.jsonl").read_text(encoding="utf-8"))


def _written(file: Path, articles: Sequence[tuple[str, str]]) -> Path:
    file.write_text("".join(json.dumps({"id": id, "text": text}) + "\n" for id, text in articles), encoding="utf-8")
    return file
