"""Which passage is found for a sentence that cites none: true claims of real systems, each among eight passages.

The sets are those of people's judgements (`verify/*.jsonl` beside the development sets). The eight are a claim's own source,
which people found to support it, and the sources of seven other claims of its set that share the rarest words with it. Nobody
judged whether those support it too, and by their look many that are found do: "another" is no measure of what is wrong.
"""

import random
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import log
from pathlib import Path

from bot.types import Passage
from bot.verification.verify import Verifier
from tests.benchmarks.common import Record, Timer, data_folder, percentile, records
from tests.benchmarks.table import Row, info, missing
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity

SETS = ("gensearch", "expertqa", "attributedqa", "begin", "q2", "factcheckgpt", "summedits", "wice", "fm2")
EACH, TIMED, PASSAGES, SEED = 40, 4, 8, 11
OUTCOMES = ("right", "none", "another")
_WORDS = re.compile(r"\w+")


def run() -> list[Row]:
    """The outcomes set by set, those of all sets, and the time that a sentence takes once its passages are read."""
    folder = data_folder()
    if folder is None or not (folder / "verify").is_dir():
        return [missing("attribution")]
    verifier = Verifier(TokenSimilarity(LocalEncoder().tokens))
    found: dict[str, Counter[str]] = {}
    times: list[float] = []
    for name in SETS:
        trials = [(line, _passages(eight)) for line, eight in _trials(folder / "verify" / f"{name}.jsonl")]
        times += [_time(verifier, line["claim"], passages) for line, passages in trials[:TIMED]]
        found[name] = Counter(_outcome(verifier, line, passages) for line, passages in trials)
    where = f"{EACH} true claims of each set, {PASSAGES} passages"
    rows = [info(f"  {name}", _shares(counted), "") for name, counted in found.items()]
    speed = f"p50 {percentile(times, 50):.1f} ms, p95 {percentile(times, 95):.1f} ms"
    return [
        info(f"a source found: {', '.join(OUTCOMES)}", _shares(sum(found.values(), Counter[str]())), where),
        *rows,
        info("  a sentence attributed", speed, "its passages read before, as while a model writes"),
    ]


def _trials(file: Path) -> Iterator[tuple[Record, list[str]]]:
    """True claims with their eight sources, in an order that tells nothing."""
    lines = records(file.read_text(encoding="utf-8"))
    draw = random.Random(SEED)
    true = [line for line in lines if line["label"] == 1]
    words = {line["source"]: frozenset(_WORDS.findall(line["source"].casefold())) for line in lines}
    rarity = _rarity(words.values())
    for line in draw.sample(true, min(EACH, len(true))):
        eight = [line["source"], *_rivals(line, lines, words, rarity)]
        draw.shuffle(eight)
        yield line, eight


def _rivals(
    line: Record, lines: Sequence[Record], words: Mapping[str, frozenset[str]], rarity: Mapping[str, float]
) -> list[str]:
    """The sources of other claims and other groups that are nearest to the claim's own by the words they share."""
    own = words[line["source"]]
    same = {one["source"] for one in lines if one["group"] == line["group"] or one["claim"] == line["claim"]}
    alike = {source for source in words if source not in same and words[source] != own}

    def shared(source: str) -> float:
        return sum(rarity[word] for word in own & words[source]) / len(words[source]) ** 0.5

    return sorted(sorted(alike), key=shared, reverse=True)[: PASSAGES - 1]


def _rarity(sources: Collection[frozenset[str]]) -> dict[str, float]:
    """What sharing a word is worth: the more, the fewer sources have it."""
    held = Counter(word for words in sources for word in words)
    return {word: log(len(sources) / count) for word, count in held.items()}


def _passages(eight: Sequence[str]) -> list[Passage]:
    return [Passage(n, f"{n}.txt", "", "", "", 0, len(text), text, 0.0) for n, text in enumerate(eight, 1)]


def _time(verifier: Verifier, claim: str, passages: Sequence[Passage]) -> float:
    """Milliseconds for a claim that was not seen before."""
    verifier.prepare(passages)
    timer = Timer()
    verifier.check(claim, (), passages)
    return 1000 * timer.seconds


def _outcome(verifier: Verifier, line: Record, passages: Sequence[Passage]) -> str:
    better = verifier.check(line["claim"], (), passages).better
    if better is None:
        return "none"
    return "right" if better[0].text == line["source"] else "another"


def _shares(counted: Counter[str]) -> str:
    return ", ".join(f"{counted[outcome] / max(1, counted.total()):.2f}" for outcome in OUTCOMES)
