"""Trains the answer judge: a low-rank adapter over an encoder, which tells the sentence of a passage that answers a question.

    uv venv torch && uv pip install --python torch/bin/python torch==2.13.0 numpy tokenizers safetensors sentencex platformdirs
    PYTHONPATH=. torch/bin/python -m tests.training.answer_judge DATA WEIGHTS OUT.safetensors --steps 2500

DATA is the folder that `answer_data.py` describes, WEIGHTS that of the encoder (model.safetensors, tokenizer.json). torch is
needed here only: Footnote merges the adapter into the encoder's weights and runs them in onnxruntime (`vectorstore/judge.py`).

Read is `[CLS] question [SEP] [SEP] passage [SEP]`, all of token type 0, as there are encoders without types. Each token of
the passage gets a logit; a sentence's score is the log of the sum of their exponentials, and 0 is the score of "nothing here
answers". So the scores of a passage, with that 0 among them, are the logits of one choice, as in SQuAD 2's readers (Devlin et
al. 2019) but summed over sentences; the loss is that choice's, taken once over the tokens where an answer begins and once
over the sentences, and a binary one for each sentence, which keeps the scores comparable between passages. The weights of the
encoder stay as they are; only the adapter (Hu et al. 2022, "LoRA") and the last layer's logit are trained.
"""

import argparse
import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from tests.training.answer_data import Reading, paragraphs, readings

LIMIT, QUESTION = 288, 48
WARM = 50
_PARTS = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
_FEED = ("intermediate.dense", "output.dense")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is trained: the adapter's rank, and its scale over it as in LoRA."""

    layers: int = 6
    heads: int = 12
    rank: int = 12
    scale: float = 2.0


class Judge(torch.nn.Module):
    """BERT from its weights, frozen, with a trained adapter beside every matrix."""

    def __init__(self, weights: dict[str, np.ndarray], shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.base = {name: torch.from_numpy(value) for name, value in weights.items() if value.dtype == np.float32}
        self.half = {n: v.to(torch.bfloat16) for n, v in self.base.items() if v.ndim == 2 and ".layer." in n}
        self.names = [f"encoder.layer.{n}.{part}" for n in range(shape.layers) for part in (*_PARTS, *_FEED)]
        down, up = {}, {}
        for name in self.names:
            out, into = self.base[f"{name}.weight"].shape
            down[self._key(name)] = torch.nn.Parameter(torch.randn(shape.rank, into) / into**0.5)
            up[self._key(name)] = torch.nn.Parameter(torch.zeros(out, shape.rank))
        self.down, self.up = torch.nn.ParameterDict(down), torch.nn.ParameterDict(up)
        width = self.base["embeddings.LayerNorm.weight"].shape[0]
        self.head = torch.nn.Linear(width, 1)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.constant_(self.head.bias, -4.0)

    @staticmethod
    def _key(name: str) -> str:
        return name.replace(".", "_")

    def _linear(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """x W' + b in bfloat16 (float32 where no autocast is), and the adapter's part."""
        lower = torch.is_autocast_enabled("cpu")
        weight = self.half[f"{name}.weight"] if lower else self.base[f"{name}.weight"]
        plain = F.linear(x, weight, self.base[f"{name}.bias"])
        key = self._key(name)
        return plain + self.shape.scale * F.linear(F.linear(x, self.down[key]), self.up[key])

    def _projected(self, x: torch.Tensor, layer: str) -> tuple[torch.Tensor, ...]:
        """Query, key and value, whose matrices are applied as one: it is faster."""
        names = [f"{layer}.{part}" for part in _PARTS[:3]]
        tables = self.half if torch.is_autocast_enabled("cpu") else self.base
        weight = torch.cat([tables[f"{name}.weight"] for name in names])
        plain = F.linear(x, weight, torch.cat([self.base[f"{name}.bias"] for name in names])).chunk(3, -1)
        lower = F.linear(x, torch.cat([self.down[self._key(name)] for name in names])).chunk(3, -1)
        up = (self.up[self._key(name)] for name in names)
        return tuple(y + self.shape.scale * F.linear(z, u) for y, z, u in zip(plain, lower, up, strict=True))

    def _norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return F.layer_norm(x.float(), (x.shape[-1],), self.base[f"{name}.weight"], self.base[f"{name}.bias"], 1e-12)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token logits (batch, tokens)."""
        base, (batch, length) = self.base, ids.shape
        x = F.embedding(ids, base["embeddings.word_embeddings.weight"]) + base["embeddings.position_embeddings.weight"][:length]
        x = self._norm(x + base["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        heads = self.shape.heads
        bias = torch.zeros(mask.shape, dtype=torch.bfloat16).masked_fill(~mask, -1e4)[:, None, None]
        for n in range(self.shape.layers):
            name = f"encoder.layer.{n}"

            query, key, value = (y.view(batch, length, heads, -1).transpose(1, 2) for y in self._projected(x, name))
            # Written out: on a processor the backward pass of torch's own fused attention takes as long as all the rest.
            like = query @ key.transpose(2, 3) * (x.shape[-1] // heads) ** -0.5 + bias
            mixed = torch.softmax(like, -1, like.dtype) @ value
            mixed = mixed.transpose(1, 2).reshape(batch, length, -1)
            x = self._norm(self._linear(mixed, f"{name}.attention.output.dense") + x, f"{name}.attention.output.LayerNorm")
            wide = F.gelu(self._linear(x, f"{name}.intermediate.dense"))
            x = self._norm(self._linear(wide, f"{name}.output.dense") + x, f"{name}.output.LayerNorm")
        return self.head(x.float()).squeeze(-1)

    def adapter(self) -> dict[str, np.ndarray]:
        """The trained tensors in float16: `NAME.down` (rank, in), `NAME.up` (out, rank; the scale is in it), and the head."""
        found = {"head.weight": self.head.weight, "head.bias": self.head.bias}
        for name in self.names:
            found[f"{name}.down"] = self.down[self._key(name)]
            found[f"{name}.up"] = self.up[self._key(name)] * self.shape.scale
        return {name: np.ascontiguousarray(value.detach().numpy().astype(np.float16)) for name, value in found.items()}

    def restore(self, adapter: dict[str, np.ndarray]) -> None:
        """Takes over what `adapter` gave."""
        with torch.no_grad():
            self.head.weight.copy_(torch.from_numpy(adapter["head.weight"]))
            self.head.bias.copy_(torch.from_numpy(adapter["head.bias"]))
            for name in self.names:
                self.down[self._key(name)].copy_(torch.from_numpy(adapter[f"{name}.down"]))
                self.up[self._key(name)].copy_(torch.from_numpy(adapter[f"{name}.up"]) / self.shape.scale)


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


def batches(found: Sequence[Row], size: int, seed: int) -> Iterator[list[Row]]:
    """Batches of like length, in any order."""
    draw = random.Random(seed)
    order = list(range(len(found)))
    draw.shuffle(order)
    pools = [order[i : i + size * 50] for i in range(0, len(order), size * 50)]
    for pool in pools:
        pool.sort(key=lambda i: len(found[i].ids))
        made = [pool[i : i + size] for i in range(0, len(pool), size)]
        draw.shuffle(made)
        for one in made:
            yield [found[i] for i in one]


def scores(model: Judge, batch: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Token logits (batch, tokens), -inf outside the passage; sentence scores (batch, sentences), -inf where there is none."""
    # Few different lengths: a processor's matrix kernels are compiled for each.
    longest = -(-max(len(row.ids) for row in batch) // 32) * 32
    most = max(len(row.answering) for row in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.bool)
    place = torch.full((len(batch), longest), -1)
    for i, row in enumerate(batch):
        ids[i, : len(row.ids)], mask[i, : len(row.ids)] = torch.tensor(row.ids), True
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


def train(model: Judge, found: Sequence[Row], held: Sequence[Row], options: argparse.Namespace) -> None:
    """AdamW with a warm-up and a linear descent; tells how it goes, and saves what it has at every telling."""
    groups = [{"params": [*model.down.values(), *model.up.values()]}, {"params": model.head.parameters()}]
    optimiser = torch.optim.AdamW(groups, lr=options.rate, weight_decay=0.01, betas=(0.9, 0.98))
    began, step, sum_, epoch = time.time(), 0, 0.0, 0

    def rest(step: int) -> float:
        """What is left of the training, 1 to 0: of its steps, or of its time where that is shorter."""
        return min(1 - step / options.steps, 1 - (time.time() - began) / 60 / options.minutes)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.0, min((step + 1) / WARM, rest(step))))
    while rest(step) > 0:
        for batch in _share(batches(found, options.batch // options.workers, options.seed + epoch), options):
            with torch.autocast("cpu", torch.bfloat16):
                value = loss(model, batch)
            value.backward()
            _averaged(model, options.workers)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            sum_, step = sum_ + float(value.detach()), step + 1
            if options.worker == 0 and (step % options.tell == 0 or rest(step) <= 0):
                _tell(f"{time.time() - began:6.0f} s  step {step}  loss {sum_ / options.tell:.4f}  {report(model, held)}")
                sum_ = 0.0
                save_file(model.adapter(), options.out)
            if _agreed(rest(step) <= 0, options.workers):
                return
        epoch += 1


def _share(all_: Iterator[list[Row]], options: argparse.Namespace) -> Iterator[list[Row]]:
    return (batch for n, batch in enumerate(all_) if n % options.workers == options.worker)


def _averaged(model: Judge, workers: int) -> None:
    """Gives every worker the mean of all workers' gradients."""
    if workers > 1:
        slopes = [p.grad for p in model.parameters() if p.grad is not None]
        flat = torch.cat([slope.reshape(-1) for slope in slopes])
        torch.distributed.all_reduce(flat)
        for slope, part in zip(slopes, torch.split(flat / workers, [s.numel() for s in slopes]), strict=True):
            slope.copy_(part.view_as(slope))


def _agreed(done: bool, workers: int) -> bool:
    """Whether the first worker is done: clocks differ, and all have to stop after the same step."""
    if workers == 1:
        return done
    said = torch.tensor([float(done)])
    torch.distributed.broadcast(said, 0)
    return bool(said)


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
    return f"held out: best sentence {np.mean(right):.3f}, answerable AUC {auc:.3f}"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--minutes", type=float, default=1e6, help="train no longer than this")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--rank", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--tell", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1, help="processes that share a batch")
    parser.add_argument("--start", type=Path, help="an adapter to go on from")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    found = readings(paragraphs(options.data), options.seed)
    groups = sorted({one.group for one in found})
    apart = set(random.Random(options.seed).sample(groups, len(groups) // 40))
    held = rows(tokenizer, [one for one in found if one.group in apart][:400])
    learnt = rows(tokenizer, [one for one in found if one.group not in apart])
    tokens = np.mean([len(row.ids) for row in learnt])
    _tell(f"{len(learnt)} readings to learn from, {len(held)} held out; {tokens:.0f} tokens in the mean")
    run(learnt, held, options)


def run(learnt: Sequence[Row], held: Sequence[Row], options: argparse.Namespace) -> None:
    """Trains in one process or more, which share the readings that are in memory already."""
    meeting = Path(tempfile.mkdtemp()) / "meeting"
    context = multiprocessing.get_context("fork")
    others = [context.Process(target=_work, args=(learnt, held, options, n, meeting)) for n in range(1, options.workers)]
    for other in others:
        other.start()
    _work(learnt, held, options, 0, meeting)
    for other in others:
        other.join()


def _work(learnt: Sequence[Row], held: Sequence[Row], options: argparse.Namespace, worker: int, meeting: Path) -> None:
    options.worker = worker
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    if options.workers > 1:
        torch.distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=worker, world_size=options.workers)
    model = Judge(load_file(options.weights / "model.safetensors"), Shape(rank=options.rank))
    if options.start:
        model.restore(load_file(options.start))
    train(model, learnt, held, options)


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # it is a command


if __name__ == "__main__":
    main()
