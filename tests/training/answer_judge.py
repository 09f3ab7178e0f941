"""Trains the answer judge: a low-rank adapter over an encoder, which tells the sentence of a passage that answers a question.

    PYTHONPATH=. torch/bin/python -m tests.training.answer_judge DATA WEIGHTS OUT.safetensors --steps 2500

DATA is the folder that `answer_data.py` describes, WEIGHTS that of the encoder (model.safetensors, tokenizer.json); what torch
it takes says `lora.py`, and what Footnote does with the adapter `vectorstore/encoding/answer_judge.py`.

Each token of the passage gets a logit; a sentence's score is the log of the sum of their exponentials, and 0 is the score of
"nothing here answers". So the scores of a passage, with that 0 among them, are the logits of one choice, as in SQuAD 2's
readers (Devlin et al. 2019) but summed over sentences; the loss is that choice's, taken once over the tokens where an answer
begins and once over the sentences, and a binary one for each sentence, which keeps the scores comparable between passages.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from tests.training import lora
from tests.training.answer_data import Reading, paragraphs, readings
from tests.training.lora import Judge, Task

LIMIT, QUESTION = 288, 48


@dataclass(frozen=True, slots=True)
class Row:
    """A reading as numbers: token ids, the sentence of each token (-1 outside), where answers begin, which sentences answer."""

    ids: list[int]
    sentence: list[int]
    begins: list[bool]
    answering: tuple[bool, ...]
    exact: bool


def rows(tokenizer: Tokenizer, found: Sequence[Reading]) -> list[Row]:
    """The readings, tokenized; what does not fit into LIMIT is cut off, and so is a reading whose answer is."""
    return [row for i in range(0, len(found), 2000) for row in _rows(tokenizer, found[i : i + 2000])]


def _rows(tokenizer: Tokenizer, found: Sequence[Reading]) -> list[Row]:
    made = []
    questions = tokenizer.encode_batch([one.question for one in found])
    texts = tokenizer.encode_batch([one.text for one in found], add_special_tokens=False)
    for one, question, text in zip(found, questions, texts, strict=True):
        head = question.ids[: QUESTION - 1] + question.ids[-1:]
        room = LIMIT - len(head) - 1
        offsets = text.offsets[:room]
        place = [next((i for i, (a, b) in enumerate(one.spans) if a <= start < b), -1) for start, _ in offsets]
        begins = [any(a < end and start < (a + 1 if one.exact else b) for a, b in one.answers) for start, end in offsets]
        outside = [-1] * len(head)
        count = max(place, default=-1) + 1
        answering = one.answering()[:count]
        if count and (any(answering) or not one.answers):
            made.append(
                Row(
                    [*head, *text.ids[:room], question.ids[-1]],
                    [*outside, *place, -1],
                    [False] * len(head) + begins + [False],
                    answering,
                    one.exact,
                )
            )
    return made


def scores(model: Judge, batch: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Token logits (batch, tokens), -inf outside the passage; sentence scores (batch, sentences), -inf where there is none."""
    ids, mask = lora.padded(batch)
    most = max(len(row.answering) for row in batch)
    place = torch.full(ids.shape, -1)
    for i, row in enumerate(batch):
        place[i, : len(row.ids)] = torch.tensor(row.sentence)
    logits = model(ids, mask).masked_fill(place < 0, -1e4)
    inside = place[:, None] == torch.arange(most)[None, :, None]
    sentence = torch.logsumexp(logits[:, None].expand(-1, most, -1).masked_fill(~inside, -1e4), -1)
    return logits, sentence, inside.any(-1)


def loss(model: Judge, batch: Sequence[Row]) -> torch.Tensor:
    """The mean over the batch of the three losses (see above)."""
    logits, sentence, there = scores(model, batch)
    begins, answering = torch.zeros_like(logits, dtype=torch.bool), torch.zeros_like(sentence, dtype=torch.bool)
    for i, row in enumerate(batch):
        begins[i, : len(row.begins)] = torch.tensor(row.begins)
        answering[i, : len(row.answering)] = torch.tensor(row.answering)
    exact = torch.tensor([row.exact for row in batch])
    chosen = _choice(sentence.masked_fill(~there, -1e4), answering)
    begun = torch.where(exact, _choice(logits, begins), chosen)
    each = F.binary_cross_entropy_with_logits(sentence.clamp(-20, 20), answering.float(), reduction="none")
    each = (each * there).sum(1) / there.sum(1)
    return (0.6 * chosen + 0.4 * begun + 1.5 * each).mean()


def _choice(values: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """-log of the share that the right ones have of the sum of exponentials, with a 0 among them that is right if none is."""
    whole = torch.logsumexp(F.pad(values, (0, 1)), -1)
    none = ~right.any(-1, keepdim=True)
    gained = torch.logsumexp(F.pad(values, (0, 1)).masked_fill(~torch.cat([right, none], -1), -1e4), -1)
    return whole - gained


def report(model: Judge, held: Sequence[Row]) -> str:
    """How often the best sentence of a passage that answers is one that answers; and the AUC of the passage's best score."""
    best, right = [], []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for i in range(0, len(held), 32):
            batch = held[i : i + 32]
            _, sentence, there = scores(model, batch)
            sentence = sentence.masked_fill(~there, -1e9)
            for row, values in zip(batch, sentence, strict=True):
                top = int(values.argmax())
                best.append((any(row.answering), float(torch.logsumexp(values, 0))))
                if any(row.answering):
                    right.append(row.answering[top])
    yes, no = (np.array([v for kind, v in best if kind is want]) for want in (True, False))
    auc = float((yes[:, None] > no[None]).mean())
    return f"best sentence {np.mean(right):.3f}, answerable AUC {auc:.3f}"


def main() -> None:
    """The command."""
    options = lora.arguments(__doc__).parse_args()
    tokenizer = lora.tokenizer(options.weights)
    found = readings(paragraphs(options.data), options.seed)
    groups = sorted({one.group for one in found})
    apart = set(random.Random(options.seed).sample(groups, len(groups) // 40))
    held = rows(tokenizer, [one for one in found if one.group in apart][:400])
    learnt = rows(tokenizer, [one for one in found if one.group not in apart])
    tokens = np.mean([len(row.ids) for row in learnt])
    lora.tell(f"{len(learnt)} readings to learn from, {len(held)} held out; {tokens:.0f} tokens in the mean")
    lora.run(Task(learnt, held, loss, report), options)


if __name__ == "__main__":
    main()
