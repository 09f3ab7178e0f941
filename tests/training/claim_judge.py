"""Trains the claim judge: a low-rank adapter over an encoder, which tells whether a passage carries a claim.

    PYTHONPATH=. torch/bin/python -m tests.training.claim_judge DATA WEIGHTS OUT.safetensors --bench BENCH --minutes 32

with `--start vectorstore/encoding/answer_judge.safetensors --rate 6e-4 --batch 24`.

DATA is the folder that `claim_data.py` describes, WEIGHTS that of the encoder (model.safetensors, tokenizer.json), BENCH that
of the development sets (`verify/`), of which some are learnt from; what torch it takes says `lora.py`. Footnote ships no
such adapter yet: docs/verdicts.md says what it reached.

Each token of the claim gets a logit: how far the claim goes wrong there. The log of the sum of their exponentials is the log
odds that it goes wrong anywhere, and its negative the log odds that the passage carries the claim; the loss is the binary one.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from tests.training import lora
from tests.training.answer_data import Rarity, paragraphs
from tests.training.claim_data import Pair, apart, judged, pairs, spans
from tests.training.claim_variants import elsewhere, hardened, stated
from tests.training.lora import Judge, Task
from vectorstore.encoding.answer_judge import token_ranges, windows

CLAIM = 80
"""Tokens of a claim that are read, its marks among them."""
READ = 224
"""Tokens that are read of a pair: fewer than Footnote reads at once, so that more pairs are seen in the time."""

OTHERS = 7500
"""Pairs of the sets that are no development sets."""

Scored = tuple[str, bool, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A pair as numbers: token ids, how many of them are the claim's with its marks, and whether it is carried."""

    ids: list[int]
    claim: int
    carried: bool
    origin: str


def rows(tokenizer: Tokenizer, found: Sequence[Pair]) -> list[Row]:
    """The pairs, tokenized; of a long source the window that shares most with the claim, as Footnote cuts it."""
    rare = Rarity(pair.source for pair in found)
    return [row for i in range(0, len(found), 2000) for row in _rows(tokenizer, found[i : i + 2000], rare)]


def _rows(tokenizer: Tokenizer, found: Sequence[Pair], rare: Rarity) -> list[Row]:
    made = []
    claims = tokenizer.encode_batch([pair.claim for pair in found])
    texts = tokenizer.encode_batch([pair.source for pair in found], add_special_tokens=False)
    for pair, claim, text in zip(found, claims, texts, strict=True):
        head = claim.ids[: CLAIM - 1] + claim.ids[-1:]
        room, cut = READ - len(head) - 1, spans(pair.source)
        if not cut:
            continue
        firsts, lasts = token_ranges(text, cut)
        parts = [run for run, _ in windows(firsts, lasts, room)]
        best = max(parts, key=lambda run: rare.shared(pair.claim, pair.source[cut[run[0]][0] : cut[run[-1]][1]]))
        inside = text.ids[firsts[best[0]] : lasts[best[-1]]][:room]
        made.append(Row([*head, *inside, claim.ids[-1]], len(head), pair.carried, pair.origin))
    return made


def scores(model: Judge, batch: Sequence[Row]) -> torch.Tensor:
    """The log odds (batch,) that the passage carries the claim."""
    ids, mask = lora.padded(batch)
    at = torch.arange(ids.shape[1])[None]
    ends = torch.tensor([row.claim for row in batch])[:, None]
    # Without the marks around the claim.
    inside = (at > 0) & (at < ends - 1)
    return -torch.logsumexp(model(ids, mask).masked_fill(~inside, -1e4), -1)


def loss(model: Judge, batch: Sequence[Row]) -> torch.Tensor:
    """The mean binary loss of a batch; a label is taken to be right 97 times in 100."""
    carried = torch.tensor([row.carried for row in batch]).float()
    return F.binary_cross_entropy_with_logits(scores(model, batch).clamp(-20, 20), carried * 0.94 + 0.03)


def report(model: Judge, held: Sequence[Row]) -> str:
    """The AUC over each set's pairs, and their mean."""
    found: list[Scored] = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for i in range(0, len(held), 32):
            batch = held[i : i + 32]
            found += [(row.origin, row.carried, float(s)) for row, s in zip(batch, scores(model, batch), strict=True)]
    each = {origin: _auc([one for one in found if one[0] == origin]) for origin in sorted({row.origin for row in held})}
    return f"AUC {np.nanmean(list(each.values())):.3f}: " + ", ".join(f"{name} {value:.2f}" for name, value in each.items())


def _auc(found: Sequence[Scored]) -> float:
    yes, no = (np.array([score for _, carried, score in found if carried is want]) for want in (True, False))
    if not (len(yes) and len(no)):
        return float("nan")
    return float((yes[:, None] > no[None]).mean() + (yes[:, None] == no[None]).mean() / 2)


def gathered(data: Path, bench: Path, seed: int) -> list[Pair]:
    """All that is learnt from: what people judged, twice, some of it changed; and of the other sets as much again, about."""
    draw = random.Random(seed)
    others, dropped = apart([*pairs(data, seed), *stated(paragraphs(data / "qa"), draw)], bench)
    lora.tell(f"{dropped} pairs share a claim or a sentence with a development set and are left out")
    people = judged(bench)
    made = [*hardened(people, 0.3, draw), *elsewhere(people, 0.15, draw)]
    return [*draw.sample(others, min(OTHERS, len(others))), *people, *people, *made]


def main() -> None:
    """The command."""
    parser = lora.arguments(__doc__)
    parser.add_argument("--bench", type=Path, required=True, help="the folder of the development sets")
    options = parser.parse_args()
    found = gathered(options.data, options.bench, options.seed)
    groups = sorted({pair.group for pair in found})
    draw = random.Random(options.seed)
    kept_apart = set(draw.sample(groups, len(groups) // 20))
    held = [pair for pair in found if pair.group in kept_apart]
    tokenizer = lora.tokenizer(options.weights)
    learnt = rows(tokenizer, [pair for pair in found if pair.group not in kept_apart])
    tested = rows(tokenizer, draw.sample(held, min(len(held), 500)))
    tokens = np.mean([len(row.ids) for row in learnt])
    lora.tell(f"{len(learnt)} pairs to learn from, {len(tested)} held out; {tokens:.0f} tokens in the mean")
    lora.run(Task(learnt, tested, loss, report), options)


if __name__ == "__main__":
    main()
