"""Writes claim_reference.json: log odds that torch gives with the adapter beside the weights, not merged into them.

PYTHONPATH=. torch/bin/python tests/vectorstore/data/make_claim_reference.py WEIGHTS (see tests/training/claim_judge.py)
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.numpy import load_file

from tests.training.claim_data import Pair
from tests.training.claim_judge import rows, scores
from tests.training.lora import Judge, Shape, tokenizer
from vectorstore.claim_judge import CLAIM_ADAPTER

BRIDGE = (
    "The old bridge\n\nThe bridge over the Alba was opened by the king. It was on 4 May 1931, in heavy rain. "
    "The toll was abolished because farmers would not pay it. Today it carries 3,000 bicycles a day."
)
HERONS = "Herons nest in tall trees near water. A pair raises three or four chicks a year. Who feeds them is not known."
JUDGED = [
    ("The king opened the bridge over the Alba in 1931.", BRIDGE),
    ("The bridge was opened by the queen.", BRIDGE),
    ("About 3,000 bicycles cross the bridge every day.", BRIDGE),
    ("Herons nest near water, and a pair raises three or four chicks each year.", HERONS),
    ("Herons raise ten chicks a year.", HERONS),
    ("Paris is the capital of France.", HERONS),
]


def main() -> None:
    """Writes the file."""
    folder = Path(sys.argv[1])
    adapter = load_file(CLAIM_ADAPTER.path())
    model = Judge(load_file(folder / "model.safetensors"), Shape(rank=adapter["encoder.layer.0.output.dense.down"].shape[0]))
    model.restore(adapter)
    read = rows(tokenizer(folder), [Pair(claim, passage, True, "", "") for claim, passage in JUDGED])
    with torch.no_grad():
        found = [float(scores(model, [row])) for row in read]
    made = [
        {"claim": claim, "passage": passage, "log_odds": round(odds, 4)}
        for (claim, passage), odds in zip(JUDGED, found, strict=True)
    ]
    target = Path(__file__).with_name("claim_reference.json")
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
