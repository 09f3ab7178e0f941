"""Writes vectorstore/encoding/e5_centre.npy: the mean token vector of multilingual-e5-small over text in eleven languages.

    python -m tests.training.e5_centre

The text is the paragraphs of XQuAD's first half in English and its questions in Arabic, Chinese, English, German, Greek, Hindi,
Russian, Spanish, Thai, Turkish and Vietnamese (google-deepmind/xquad, CC BY-SA 4.0), each language counting alike.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks.common import data_folder, records
from vectorstore.encoding import e5, embed
from vectorstore.encoding.embed import LocalEncoder, LocalModel
from vectorstore.encoding.transformer import Floats

TARGET = Path(e5.__file__).with_name("e5_centre.npy")


def mean(encoder: LocalEncoder, texts: Sequence[str]) -> Floats:
    """The mean (384,) over all tokens of the texts but for the special ones."""
    states = np.concatenate([tokens.states[1:-1] for tokens in encoder.tokens(texts)])
    return np.asarray(states.mean(axis=0), np.float32)


def main() -> None:
    """Encodes each language and writes the mean of their means."""
    sets = data_folder()
    if sets is None:
        raise SystemExit("FOOTNOTE_BENCH names the folder that has xquad/.")
    files = sorted((sets / "xquad").glob("questions*.jsonl"))
    texts = [[record["question"] for record in records(file.read_text("utf-8"))] for file in files]
    texts.append([record["text"][:1500] for record in records((sets / "xquad" / "articles.jsonl").read_text("utf-8"))])
    raw = LocalEncoder(local_model=LocalModel(e5.FINGERPRINT, e5.ensure_model, embed.E5.limit, e5.QUERY, e5.PASSAGE))
    np.save(TARGET, np.mean([mean(raw, language) for language in texts], axis=0).astype(np.float32))
    sys.stdout.write(f"{TARGET.name} from {sum(map(len, texts)):,} texts\n")


if __name__ == "__main__":
    main()
