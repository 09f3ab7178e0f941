"""How right the verdicts are, on the pairs of `tests/verdicts`, and how long those of a ten-sentence answer take."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.types import Passage
from bot.verification.verify import Verifier
from tests.benchmarks.common import Record, Timer, articles, percentile, records
from tests.benchmarks.table import Row, at_least, info, under
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity
from vectorstore.splitting.sentences import sentences

PAIRS = Path(__file__).parents[1] / "verdicts" / "pairs.jsonl"
BOUND = PAIRS.with_name("bound.jsonl")
"""Claims about tables, lists, talks, questions and headings; the false ones exchange whom or what something is said of."""
BOUND_FLOORS = {1: 0.9, 0: 0.95}
"""By the label: the share of true claims that must be accepted, and of false ones that must not."""
HALVES = ("seen", "unseen")
FLOORS = {
    "untouched": 0.98,
    "number": 0.97,
    "date": 0.97,
    "name": 0.97,
    "negated": 0.97,
    "unrelated": 0.95,
    "paraphrase": 0.85,
}
HOLDING = ("untouched", "paraphrase")
"""The kinds whose claims their sources support; those of all others must come out otherwise."""
_PASSAGES, _TOKENS, _CLAIMS, _ANSWERS, _WARM_UP = 8, 200, 10, 40, 3


def run() -> list[Row]:
    """The rates of both halves, then the time."""
    encoder = LocalEncoder()
    verifier = Verifier(TokenSimilarity(encoder.model.encode))
    return [*_rates(verifier), *_bound(verifier), *_times(verifier, encoder)]


def rates(verifier: Verifier, pairs: Sequence[Record]) -> dict[tuple[str, str], float]:
    """The share of each kind and half that came out right."""
    right: dict[tuple[str, str], list[bool]] = {}
    for pair in pairs:
        holds = verifier.judge(pair["claim"], pair["source"]).holds
        right.setdefault((pair["kind"], pair["set"]), []).append(holds == (pair["kind"] in HOLDING))
    return {key: sum(each) / len(each) for key, each in right.items()}


def pairs(path: Path = PAIRS) -> list[Record]:
    """The lines of a file of pairs."""
    return records(path.read_text(encoding="utf-8"))


def bound_rates(verifier: Verifier, lines: Sequence[Record]) -> dict[tuple[str, int], list[bool]]:
    """Which claims of each kind and label came out right."""
    right: dict[tuple[str, int], list[bool]] = {}
    for line in lines:
        holds = verifier.judge(line["claim"], line["source"]).holds
        right.setdefault((line["kind"], line["label"]), []).append(holds == bool(line["label"]))
    return right


def share(right: dict[tuple[str, int], list[bool]], label: int) -> float:
    """The share of the claims of a label, of all kinds, that came out right."""
    found = [one for (_, its), each in right.items() if its == label for one in each]
    return sum(found) / len(found)


def _bound(verifier: Verifier) -> Iterator[Row]:
    lines = pairs(BOUND)
    for half in HALVES:
        found = bound_rates(verifier, [line for line in lines if line["set"] == half])
        for label, word in ((1, "accepted"), (0, "not accepted")):
            each = ", ".join(f"{kind} {sum(got)} of {len(got)}" for (kind, its), got in found.items() if its == label)
            name = f"verdicts: bound, {'true' if label else 'false'} ones {word}"
            yield at_least(name, share(found, label), BOUND_FLOORS[label], f"{half} half: {each}")


def _rates(verifier: Verifier) -> Iterator[Row]:
    lines = pairs()
    found = rates(verifier, lines)
    for kind in dict.fromkeys(line["kind"] for line in lines):
        for half in HALVES:
            count = sum(line["kind"] == kind and line["set"] == half for line in lines)
            where = f"{count} pairs of the {half} half, {'accepted' if kind in HOLDING else 'not accepted'}"
            if kind in FLOORS:
                yield at_least(f"verdicts: {kind}", found[kind, half], FLOORS[kind], where)
            else:
                yield info(f"verdicts: {kind} paraphrase", f"{found[kind, half]:.3f}", where)


def _times(verifier: Verifier, encoder: LocalEncoder) -> list[Row]:
    """Answers of ten sentences, each held against the passage it cites and, where that does not carry it, the others."""
    made = [_answer(source, encoder) for source in _sources(_WARM_UP + _ANSWERS)]
    preparing, checking = [], []
    for passages, claims in made:
        timer = Timer()
        verifier.prepare(passages)
        preparing.append(1000 * timer.seconds)
        timer = Timer()
        for n, claim in enumerate(claims):
            verifier.check(claim, [passages[n % _PASSAGES]], [*passages[: n % _PASSAGES], *passages[n % _PASSAGES + 1 :]])
        checking.append(1000 * timer.seconds)
    where = f"{_CLAIMS} claims, {_PASSAGES} passages of about {_TOKENS} tokens, {_ANSWERS} answers"
    return [
        under("verdicts of an answer p50", percentile(checking[_WARM_UP:], 50), 150, where, "{:.0f} ms"),
        info("verdicts of an answer p95", f"{percentile(checking[_WARM_UP:], 95):.0f} ms", where),
        info("  passages made ready before", f"{percentile(preparing[_WARM_UP:], 50):.0f} ms", "while the model still thinks"),
    ]


def _sources(count: int) -> Iterator[list[str]]:
    texts = articles(paragraphs=6, seed=3)
    for _ in range(count):
        yield [next(texts) for _ in range(_PASSAGES)]


def _answer(sources: Sequence[str], encoder: LocalEncoder) -> tuple[list[Passage], list[str]]:
    """Passages cut to size, and claims about them: sentences of theirs, every other one with its words in another order."""
    passages = [_passage(n, text, encoder) for n, text in enumerate(sources, start=1)]
    claims = []
    for n in range(_CLAIMS):
        text = passages[n % _PASSAGES].text
        start, end = sentences(text)[n // _PASSAGES]
        words = text[start:end].split()
        half = len(words) // 2
        claims.append(" ".join(words if n % 3 == 0 else [*words[half:], *words[:half]]))
    return passages, claims


def _passage(n: int, text: str, encoder: LocalEncoder) -> Passage:
    spans = sentences(text)
    counts = encoder.count_tokens([text[start:end] for start, end in spans])
    end = next((spans[i][1] for i in range(len(spans)) if sum(counts[: i + 1]) >= _TOKENS), len(text))
    return Passage(n, f"{n}.txt", "", "", "", 0, end, text[:end], 0.0)
