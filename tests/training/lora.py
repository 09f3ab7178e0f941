"""What the answer judge is trained as: MiniLM with a low-rank adapter, a logit for each token, and how that is trained.

    uv venv torch && uv pip install --python torch/bin/python torch==2.13.0 numpy tokenizers safetensors sentencex platformdirs

torch is needed here only: Footnote merges the adapter into the encoder's weights and runs them in onnxruntime
(`vectorstore/encoding/answer_judge.py`). The input is `[CLS] first [SEP] second [SEP]`, all of token type 0, as some encoders
have no types, and each token gets a logit. The weights of the encoder stay as they are; only the adapter (Hu et al. 2022,
"LoRA") and the last layer's logit are trained.
"""

import argparse
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

WARM = 50
_PARTS = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
_FEED = ("intermediate.dense", "output.dense")


class Tokens(Protocol):
    """What is learnt from: at least the ids of two texts with their marks."""

    @property
    def ids(self) -> list[int]:
        """The token ids."""


_Row = TypeVar("_Row", bound=Tokens)


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
class Task(Generic[_Row]):
    """What a judge is trained for: its rows, its loss over a batch, and what is told of the rows that were held out."""

    learnt: Sequence[_Row]
    held: Sequence[_Row]
    loss: Callable[[Judge, Sequence[_Row]], torch.Tensor]
    report: Callable[[Judge, Sequence[_Row]], str]


def tokenizer(weights: Path) -> Tokenizer:
    """The tokenizer in a folder of weights, neither padding nor cutting."""
    made = Tokenizer.from_file(str(weights / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    return made


def padded(batch: Sequence[Tokens]) -> tuple[torch.Tensor, torch.Tensor]:
    """The ids (batch, tokens) and which of them are there."""
    # Few different lengths: a processor's matrix kernels are compiled for each.
    longest = -(-max(len(row.ids) for row in batch) // 32) * 32
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.bool)
    for i, row in enumerate(batch):
        ids[i, : len(row.ids)], mask[i, : len(row.ids)] = torch.tensor(row.ids), True
    return ids, mask


def batches(found: Sequence[_Row], size: int, seed: int) -> Iterator[list[_Row]]:
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


def train(model: Judge, task: Task[_Row], options: argparse.Namespace) -> None:
    """AdamW with a warm-up and a linear descent; tells how it goes, and saves what it has at every telling."""
    groups = [{"params": [*model.down.values(), *model.up.values()]}, {"params": model.head.parameters()}]
    optimiser = torch.optim.AdamW(groups, lr=options.rate, weight_decay=0.01, betas=(0.9, 0.98))
    began, step, sum_, epoch = time.time(), 0, 0.0, 0

    def rest(step: int) -> float:
        """What is left of the training, 1 to 0: of its steps, or of its time where that is shorter."""
        return min(1 - step / options.steps, 1 - (time.time() - began) / 60 / options.minutes)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.0, min((step + 1) / WARM, rest(step))))
    while rest(step) > 0:
        for batch in _share(batches(task.learnt, options.batch // options.workers, options.seed + epoch), options):
            with torch.autocast("cpu", torch.bfloat16):
                value = task.loss(model, batch)
            value.backward()
            _averaged(model, options.workers)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
            sum_, step = sum_ + float(value.detach()), step + 1
            if options.worker == 0 and (step % options.tell == 0 or rest(step) <= 0):
                told = task.report(model, task.held)
                tell(f"{time.time() - began:6.0f} s  step {step}  loss {sum_ / options.tell:.4f}  held out: {told}")
                sum_ = 0.0
                save_file(model.adapter(), options.out)
            if _agreed(rest(step) <= 0, options.workers):
                return
        epoch += 1


def _share(all_: Iterator[list[_Row]], options: argparse.Namespace) -> Iterator[list[_Row]]:
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


def arguments(about: str | None) -> argparse.ArgumentParser:
    """The arguments of a training program: DATA WEIGHTS OUT.safetensors and how long it trains."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
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
    return parser


def run(task: Task[_Row], options: argparse.Namespace) -> None:
    """Trains in one process or more, which share the readings that are in memory already."""
    meeting = Path(tempfile.mkdtemp()) / "meeting"
    context = multiprocessing.get_context("fork")
    others = [context.Process(target=_work, args=(task, options, n, meeting)) for n in range(1, options.workers)]
    for other in others:
        other.start()
    _work(task, options, 0, meeting)
    for other in others:
        other.join()


def _work(task: Task[_Row], options: argparse.Namespace, worker: int, meeting: Path) -> None:
    options.worker = worker
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    if options.workers > 1:
        torch.distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=worker, world_size=options.workers)
    model = Judge(load_file(options.weights / "model.safetensors"), Shape(rank=options.rank))
    if options.start:
        model.restore(load_file(options.start))
    train(model, task, options)


def tell(line: str) -> None:
    """Prints a line at once."""
    print(line, flush=True)  # noqa: T201  # it is a command
