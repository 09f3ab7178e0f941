"""Whether a passage carries a claim, judged by a cross-encoder (`crossencoder.py`).

The adapter was trained by `tests/training/claim_judge.py`. Claim and passage are read together, and each token of the claim
gets a logit: how far the claim goes wrong there. The log of the sum of their exponentials is the log odds that it goes wrong
anywhere, and its negative the log odds that the passage carries the whole claim.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np

from vectorstore.crossencoder import LIMIT, Adapter, CrossEncoder, ensure, token_ranges, windows
from vectorstore.sentences import sentences

CLAIM_ADAPTER = Adapter(
    "claim_judge.safetensors", "912fc9c9234601fadeb7c7eb917e93afc0d019f2b798b50f09108e1dd01e7534", "claim-judge"
)
CLAIM = 80
"""Tokens of a claim that are read, its marks among them."""
_EMPTY = 4  # tokens of a claim without words are its marks alone
NOTHING = -20.0
"""The log odds of a claim or a passage without words."""


class ClaimJudge(CrossEncoder):
    """Scores claims against passages. Safe to share between threads."""

    def log_odds(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each pair of a claim and a passage, the log odds that the passage carries the whole claim.

        A pair's number does not depend on the other pairs: each is read alone. Of a passage that is too long to be read at
        once the best part counts; parts are of whole sentences and share one.
        """
        claims = [self.first(claim, CLAIM) for claim, _ in pairs]
        parts = [self._parts(claim, passage) for claim, (_, passage) in zip(claims, pairs, strict=True)]
        tasks = [(claim, part) for claim, own in zip(claims, parts, strict=True) for part in own]
        with ThreadPoolExecutor(self.threads) as pool:
            scores = iter(list(pool.map(lambda task: self._score(*task), tasks)))
        return [max((next(scores) for _ in own), default=NOTHING) for own in parts]

    def _parts(self, claim: list[int], passage: str) -> list[list[int]]:
        """The tokens of the passage's parts that are read one by one; none where there is nothing to read."""
        if len(claim) < _EMPTY or not passage.strip():
            return []
        (text,) = self.encoded([passage])
        firsts, lasts = token_ranges(text, sentences(passage))
        room = LIMIT - len(claim) - 1
        runs = [text.ids[firsts[run[0]] : lasts[run[-1]]][:room] for run, _ in windows(firsts, lasts, room)]
        return [ids for ids in runs if ids]

    def _score(self, claim: list[int], part: list[int]) -> float:
        """Over the claim's tokens without the marks around them."""
        return -float(np.logaddexp.reduce(self.logits(claim, part)[1 : len(claim) - 1]))


def ensure_claim_judge(cache: Path | None = None, adapter: Path | None = None, threads: int = 0) -> ClaimJudge:
    """The claim judge (see `crossencoder.ensure`); `adapter` is the file beside this module, by default."""
    return ensure(ClaimJudge, CLAIM_ADAPTER, cache, adapter, threads)


def claim_odds() -> Callable[[str, str], float]:
    """The log odds that a passage carries a claim, by a judge that is opened when it is first asked. Threads may share it."""
    lock, opened = Lock(), list[ClaimJudge]()

    def odds(claim: str, passage: str) -> float:
        with lock:
            if not opened:
                opened.append(ensure_claim_judge())
        return opened[0].log_odds([(claim, passage)])[0]

    return odds
