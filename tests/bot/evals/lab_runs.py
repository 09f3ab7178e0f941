"""Runs for the prompt lab's tests, made up: one article a case, and answers that are as they should be, or not."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from bot.evals.metrics import scores
from bot.evals.records import Case, ExpectedCitation, MetricScore, Result, Run, Setup
from bot.types import Answer, Citation, Claim, Passage, Problem, Verdict

WHEN = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)

Said = tuple[str, tuple[int, ...], Verdict]
"""A claim, the numbers of the passages that it cites, and its verdict."""


def support(claim: str, sources: Sequence[Passage]) -> bool:
    """A judge by words alone: each word of the claim stands in one of the sources."""
    held = {word for source in sources for word in source.text.lower().rstrip(".").split()}
    return set(claim.lower().rstrip(".").split()) <= held


def passage(n: int, text: str, article: str = "", start: int = 0, score: float = 0.0) -> Passage:
    return Passage(n, article or f"{n}.md", f"Article {n}", "", "", start, start + len(text), text, score or 1 / n)


def answer(passages: Sequence[Passage], *said: Said, abstained: bool = False, trouble: Problem | None = None) -> Answer:
    """A model's answer that makes these claims."""
    by_number = {one.n: one for one in passages}
    text, claims, citations = "", list[Claim](), list[Citation]()
    for words, numbers, verdict in said:
        claims.append(Claim(words, len(text), len(text) + len(words), verdict, numbers))
        text += words + "".join(f" [{n}]" for n in numbers) + " "
        citations += [_citation(by_number.get(n), n, verdict) for n in numbers]
    usage = {"input_tokens": 900.0, "output_tokens": 40.0, "cost_usd": 0.002}
    ms = {"total": 1500.0}
    text = text.strip() or "The articles do not say."
    return Answer(
        "?",
        "?",
        text,
        abstained,
        0.9,
        "model",
        tuple(claims),
        tuple(citations),
        tuple(passages),
        usage,
        ms,
        (),
        "openai:m",
        trouble,
    )


def _citation(held: Passage | None, n: int, verdict: Verdict) -> Citation:
    if held is None:
        return Citation(n, "", "", 0, 0, "", "no such passage")
    return Citation(n, held.article, held.title, held.start, held.end, held.text, verdict)


def case(i: int) -> Case:
    """What a bridge is like; every eighth is asked of a bridge that no article is about."""
    if i % 8 == 7:
        return Case(f"case-{i}", f"Who owns bridge {i}?", abstain=True)
    return Case(
        f"case-{i}", f"When was bridge {i} opened?", must=(f"{1900 + i}",), cites=(ExpectedCitation(f"{i}.md"),), abstain=False
    )


def good(case: Case) -> Answer:
    """The answer that the case asks for."""
    i = int(case.id.partition("-")[2])
    text = f"Bridge {i} was opened in {1900 + i} by the king."
    found = (passage(1, text, f"{i}.md"), passage(2, "The hills are steep.", "hills.md"))
    if case.abstain:
        return answer(found, abstained=True)
    return answer(found, (f"Bridge {i} was opened in {1900 + i}.", (1,), "supported"))


def bare(case: Case) -> Answer:
    """The same answer without a citation: the prompt forbids them."""
    one = good(case)
    return one if case.abstain else answer(one.passages, *((claim.text, (), "uncited") for claim in one.claims))


def invented(case: Case) -> Answer:
    """The same answer with a sentence that no passage supports: the prompt invites general knowledge."""
    one = good(case)
    more: Said = ("Bridges carry traffic across water.", (1,), "not found")
    return answer(one.passages, *((claim.text, claim.citations, claim.verdict) for claim in one.claims), more)


def result(case: Case, answered: Answer | None, *, trouble: Problem | None = None, cached: bool = False) -> Result:
    """What came of a case, with its scores."""
    made = Result(case.id, "done" if answered else "failed", answered, trouble, cached, 1.5)
    return Result(case.id, made.outcome, answered, trouble, cached, 1.5, scores(case, made, support))


def run(name: str, cases: Sequence[Case], say: Callable[[Case], Answer | None], setup: Setup | None = None) -> Run:
    """A run in which each case is answered so."""
    setup = setup or Setup(name, "openai:m", f"answer/{name}")
    return Run(f"run-{name}", tuple(cases), setup, WHEN, tuple(result(case, say(case)) for case in cases))


def cases(n: int = 40) -> tuple[Case, ...]:
    return tuple(case(i) for i in range(n))


def noisy(name: str, n: int, seed: int, ease: float = 0.75) -> Run:
    """A copy of a prompt under a model with luck: how hard a case is belongs to the case, what comes of it to the draw.

    `ease` is how likely a case is passed, on average. Its metrics hang together, as real ones do.
    """
    hard = np.random.default_rng(1).beta(3 * ease, 3 * (1 - ease), n)
    draw = np.random.default_rng(seed)
    results = tuple(Result(f"case-{i}", "done", scores=_drawn(float(hard[i]), draw)) for i in range(n))
    return Run(f"run-{name}", tuple(Case(f"case-{i}", "?") for i in range(n)), Setup(name), WHEN, results)


def _drawn(ease: float, draw: np.random.Generator) -> Mapping[str, MetricScore]:
    claims = int(draw.integers(1, 6))
    held = draw.random(claims) < ease
    recalled = held & (draw.random(claims) < 0.95)
    words = float(draw.poisson(20 * claims))
    tokens = 900 + 1.3 * words
    values = {
        "done": 1.0,
        "passed": float(held.all()),
        "must": float(draw.random() < ease),
        "cited": float(draw.random() < ease),
        "abstained": float(draw.random() < 0.95),
        "supported": float(held.mean()),
        "citation_recall": float(recalled.mean()),
        "citation_precision": float(draw.random() * 0.2 + 0.8 * recalled.mean()),
        "recall": 1.0,
        "ndcg": 0.63,
        "mrr": 0.5,
        "words": words,
        "seconds": float(draw.lognormal(0, 0.4)) * claims,
        "tokens": tokens,
        "dollars": tokens * 1e-6,
    }
    return {
        **{key: MetricScore(value) for key, value in values.items()},
        "must_not": MetricScore(None, "The case does not say."),
    }
