"""Writes judge_reference.json: sentence scores that torch gives with the adapter beside the weights, not merged into them.

PYTHONPATH=. torch/bin/python tests/vectorstore/encoding/data/make_judge_reference.py WEIGHTS

See tests/training/answer_judge.py.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.numpy import load_file

from tests.training.answer_data import Reading
from tests.training.answer_judge import rows, scores
from tests.training.lora import Judge, Shape, tokenizer
from vectorstore.encoding.answer_judge import ADAPTER
from vectorstore.splitting.sentences import sentences

BRIDGE = (
    "The old bridge\n\nThe bridge over the Alba was opened by the king. It was on 4 May 1931, in heavy rain. "
    "The toll was abolished because farmers would not pay it. Today it carries 3,000 bicycles a day."
)
HERONS = "Herons nest in tall trees near water. A pair raises three or four chicks a year. Who feeds them is not known."
ASKED = [
    ("When was the bridge opened?", BRIDGE),
    ("why was the toll abolished", BRIDGE),
    ("How many bicycles cross the bridge?", BRIDGE),
    ("How many chicks does a pair of herons raise?", HERONS),
    ("What is the capital of France?", HERONS),
]


def main() -> None:
    folder = Path(sys.argv[1])
    adapter = load_file(ADAPTER)
    model = Judge(load_file(folder / "model.safetensors"), Shape(rank=adapter["encoder.layer.0.output.dense.down"].shape[0]))
    model.restore(adapter)
    made = []
    for question, text in ASKED:
        spans = tuple(sentences(text))
        with torch.no_grad():
            _, found, _ = scores(model, rows(tokenizer(folder), [Reading(question, text, spans, (), True, "")]))
        made.append({"question": question, "text": text, "spans": spans, "scores": [round(float(x), 4) for x in found[0]]})
    target = Path(__file__).with_name("judge_reference.json")
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
