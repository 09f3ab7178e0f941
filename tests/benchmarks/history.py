"""What kept conversations cost: 2,000 of 200 turns each, and one of 200 long answers among them."""

import random
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import insert

from bot.conversation.history import AskedQuestion, History, schema
from bot.serialization import to_json
from bot.types import Answer, Citation, Claim, Passage
from bot.verification.anchors import anchor, find
from tests.benchmarks.common import Timer
from tests.benchmarks.table import Row, info, under
from vectorstore.types import Stage

CONVERSATIONS, TURNS = 2_000, 200
_LENGTH = 120_000  # characters of the article in which a quotation is looked for


def run() -> list[Row]:
    """The median of five, in milliseconds, with SQLite."""
    rng = random.Random(5)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 9))) for _ in range(20_000)]
    with tempfile.TemporaryDirectory() as scratch:
        history = History.open(Path(scratch))
        _fill(history, [" ".join(rng.choices(words, k=110)) for _ in range(2_000)])
        long, turn = _long(history, " ".join(rng.choices(words, k=150)))
        answer = replace(_answer("Once more?", " ".join(rng.choices(words, k=150))), status="running")
        where = f"{CONVERSATIONS:,} conversations of {TURNS} turns, SQLite"
        rows = [
            info("history: the first 50 conversations", _ms(lambda: history.conversations(50)), where),
            info("history: search, words that nothing holds", _ms(lambda: history.search("zzqxjw")), where),
            info("history: search, words that many hold", _ms(lambda: history.search(words[7])), where),
            under(
                "history: a conversation of 200 long answers",
                _seconds(lambda: history.conversation(long)),
                2,
                where,
                "{:.2f} s",
            ),
            info(
                "history: saving an answer on its way",
                _ms(lambda: history.save(turn, answer)),
                where,
            ),
        ]
        history.close()
    return [*rows, *_anchors(rng, words)]


def _fill(history: History, texts: list[str]) -> None:
    small = [to_json(Answer("What of it?", text=text[:200])) for text in texts[:50]]
    question = to_json(AskedQuestion("What of it?"))
    for n in range(CONVERSATIONS):
        id, turns = f"c{n}", [f"c{n}-{at}" for at in range(TURNS)]
        head = {"id": id, "created": n, "changed": n, "leaf": turns[-1], "title": texts[n][:50], "folded": texts[n][:50]}
        about = {"conversation": id, "status": "done", "owner": 0, "asked": n, "model": "", "question": question}
        links = zip(turns, ["", *turns], small * (TURNS // len(small)), strict=False)
        rows = [{**about, "id": turn, "parent": before, "depth": 1, "outcome": text} for turn, before, text in links]
        said = [
            {"turn": turn, "conversation": id, "question": texts[at][:60], "answer": texts[n - at]}
            for at, turn in enumerate(turns)
        ]
        with history._database.writing() as connection:
            connection.execute(insert(schema.conversations).values(**head))
            connection.execute(insert(schema.turns), rows)
            connection.execute(insert(schema.texts), said)


def _long(history: History, text: str) -> tuple[str, str]:
    """A conversation of 200 answers with eight passages each; its id, and that of a turn which still runs."""
    conversation, turn = history.create("What of it all?"), ""
    for n in range(TURNS):
        turn = history.begin(conversation, AskedQuestion(f"Question {n}?"), parent=turn)
        history.save(turn, _answer(f"Question {n}?", text))
    return conversation, history.begin(conversation, AskedQuestion("Once more?"), parent=turn)


def _answer(question: str, text: str) -> Answer:
    sentences = tuple((at, at + 59) for at in range(0, 900, 60))
    stages = {name: Stage(1, 0.123456) for name in ("dense", "lexical", "late")}
    passages = tuple(
        Passage(n, f"{n}.txt", "A title", "An author", "1999", 0, len(text), text, 1.5, stages, sentences, (0.123456,) * 15)
        for n in range(1, 9)
    )
    citations = tuple(Citation(n, f"{n}.txt", "A title", 0, 100, text[:100], "supported") for n in range(1, 6))
    claims = tuple(Claim(text[:100], 0, 100, "supported", (n,)) for n in range(1, 6))
    parts = claims, citations, passages
    return Answer(question, question, text, False, 0.9, "model", *parts, model="openai:m", searched=True)


def _anchors(rng: random.Random, words: list[str]) -> Iterator[Row]:
    article = "\n\n".join(" ".join(rng.choices(words, k=100)) for _ in range(_LENGTH // 600))
    made = anchor(article, len(article) // 2, len(article) // 2 + 200)
    where = f"an article of {len(article):,} characters"
    yield info("anchor: found in a changed article", _ms(lambda: find(made, f"New. {article}")), where)
    yield info("anchor: its words are gone", _ms(lambda: find(made, article.replace(made.quote[50:150], " other "))), where)


def _ms(work: Callable[[], object]) -> str:
    return f"{1000 * _seconds(work):.1f} ms"


def _seconds(work: Callable[[], object]) -> float:
    def once() -> float:
        timer = Timer()
        work()
        return timer.seconds

    return statistics.median(once() for _ in range(5))
