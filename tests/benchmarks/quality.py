"""How good the search, the quotations and the confidence are on the development sets, by the command line's own batch forms."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np

from tests.benchmarks.common import SETS, Record, data_folder, footnote, questions_of, records
from tests.benchmarks.retrieval_measures import score
from tests.benchmarks.table import Row, at_least, info, missing

_TARGETS = {("xquad", "full@1"): 0.965, ("conversations", "nDCG@10"): 0.93, ("chunking", "recall@budget"): 0.92}
_AUC = {"conversations": 0.90}
_SHOWN = {
    "xquad": ("full@1", "full@3", "nDCG@10"),
    "conversations": ("nDCG@10", "R@5"),
    "chunking": ("recall@budget", "iou@5", "nDCG@10"),
}


def run() -> list[Row]:
    """Ingests the three sets, scores their searches and answers, and asks each of two sets the other's questions."""
    sets = data_folder()
    if sets is None:
        return [missing("quality")]
    with tempfile.TemporaryDirectory() as scratch:
        homes = {name: Path(scratch) / name for name in SETS}
        for name, home in homes.items():
            footnote("ingest", sets / name / "articles.jsonl", "--home", home)
        rows = [row for name, home in homes.items() for row in _search(sets, name, home)]
        asked = {
            (name, of): records(footnote("ask", "--questions", sets / of / "questions.jsonl", "--json", "--home", homes[name]))
            for name, of in [
                ("xquad", "xquad"),
                ("conversations",) * 2,
                ("chunking",) * 2,
                ("xquad", "chunking"),
                ("chunking", "xquad"),
            ]
        }
    gold = {name: {question["id"]: question for question in questions_of(name)} for name in SETS}
    rows += _quotations(asked["xquad", "xquad"], gold["xquad"])
    chats = asked["conversations", "conversations"]
    said, unsaid = (
        [a for a in chats if gold["conversations"][a["id"]]["kind"] == kind] for kind in ("ANSWERABLE", "UNANSWERABLE")
    )
    rows += _confidence("conversations", said, unsaid, "its questions of kind ANSWERABLE and UNANSWERABLE")
    for name, other in (("xquad", "chunking"), ("chunking", "xquad")):
        rows += _confidence(
            f"{name} articles", asked[name, name], asked[name, other], f"its own questions and those of {other}"
        )
    return rows


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """How often a value of the first kind is above one of the second; a tie counts half."""
    difference = np.subtract.outer(np.asarray(positive), np.asarray(negative))
    return float((difference > 0).mean() + (difference == 0).mean() / 2)


def holds(answer: Record, gold: Record, first: int) -> bool:
    """Whether one of the first quotations of an answer has a gold answer in it, in whatever case."""
    quotes = [citation["quote"].casefold() for citation in answer["citations"][:first]]
    return any(wanted.casefold() in quote for wanted in gold["answers"] for quote in quotes)


def _search(sets: Path, name: str, home: Path) -> list[Row]:
    """How good the searches of a set are."""
    found = footnote("search", "-k", "20", "--questions", sets / name / "questions.jsonl", "--json", "--home", home)
    scores = score(questions_of(name), {line["id"]: line["hits"] for line in records(found)})
    where = "footnote search -k 20 --questions"
    rows = []
    for metric in _SHOWN[name]:
        floor = _TARGETS.get((name, metric))
        measure = f"{name} {metric}"
        rows.append(
            info(measure, f"{scores[metric]:.3f}", where) if floor is None else at_least(measure, scores[metric], floor, where)
        )
    return rows


def _quotations(answers: Sequence[Record], gold: dict[str, Record]) -> list[Row]:
    where = f"footnote ask --questions, {len(answers)} questions"
    first, three = (sum(holds(a, gold[a["id"]], n) for a in answers) / len(answers) for n in (1, 3))
    lengths = [len(a["citations"][0]["quote"]) for a in answers if a["citations"]]
    return [
        at_least("xquad first quotation", first, 0.93, where),
        at_least("xquad first three quotations", three, 0.96, where),
        info("  median length of the first", f"{median(lengths):.0f} characters", "neighbouring sentences are one quotation"),
        info("xquad abstentions", str(sum(a["abstained"] for a in answers)), where),
    ]


def _confidence(name: str, said: Sequence[Record], unsaid: Sequence[Record], where: str) -> list[Row]:
    """How well the confidence tells questions that the articles answer from others, and what is abstained from."""
    value = auc([a["confidence"] for a in said], [a["confidence"] for a in unsaid])
    shares = (f"{sum(a['abstained'] for a in kind) / len(kind):.0%} of {len(kind)}" for kind in (said, unsaid))
    measure, floor = f"{name} confidence AUC", _AUC.get(name)
    return [
        info(measure, f"{value:.3f}", where) if floor is None else at_least(measure, value, floor, where),
        info(f"{name} abstained", ", ".join(shares), where),
    ]
