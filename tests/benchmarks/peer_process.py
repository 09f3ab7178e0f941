"""One peer takes in a development set and is searched: `peer_process.py recipe|llamaindex SET MODEL SCRATCH`.

Runs with a Python that has the peers, so it imports nothing of this project. SET is the set's folder, MODEL that of the float32
graph and its tokenizer, SCRATCH an empty one. Prints one line of JSON: versions, chunks, seconds, each question's hits and ms.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read when onnxruntime is imported, which chromadb does as well

K = 20
MISSING = 3  # the exit code where this Python lacks a peer
_TOKENS = 256  # what MiniLM reads
_WARM = [{"id": "warm", "text": "The bridge at Ner opened in 1931."}]

Span = tuple[int, int]
Record = dict[str, Any]  # a line of JSON, as it came


class Peer(Protocol):
    """What is measured of each: it takes articles in once, and is then asked."""

    chunks: Sequence[tuple[str, str]]  # each with its article's id, in reading order

    def ingest(self, articles: Sequence[Record]) -> None:
        """Splits, embeds and stores."""

    def search(self, question: str) -> Sequence[int]:
        """The numbers in `chunks` of the K nearest, best first."""


class Recipe:
    """The tutorial recipe: LangChain's splitter at 1000/200, Chroma on disk with its default embedding, similarity."""

    packages = ("langchain-text-splitters", "chromadb")

    def __init__(self, model: Path, folder: Path) -> None:
        import chromadb
        from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        class Here(ONNXMiniLM_L6_V2):
            DOWNLOAD_PATH = model.parent
            EXTRACTED_FOLDER_NAME = model.name

        self.chunks: list[tuple[str, str]] = []
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self._client = chromadb.PersistentClient(str(folder), chromadb.Settings(anonymized_telemetry=False))
        self._collection = self._client.create_collection("articles", embedding_function=Here())

    def ingest(self, articles: Sequence[Record]) -> None:
        self.chunks = [(a["id"], text) for a in articles for text in self._splitter.split_text(a["text"])]
        page = self._client.get_max_batch_size()
        for at in range(0, len(self.chunks), page):
            texts = [text for _, text in self.chunks[at : at + page]]
            self._collection.add(ids=[str(n) for n in range(at, at + len(texts))], documents=texts)

    def search(self, question: str) -> list[int]:
        return [int(n) for n in self._collection.query(query_texts=[question], n_results=K)["ids"][0]]


class LlamaIndex:
    """`VectorStoreIndex.from_documents` as it comes (SentenceSplitter, in memory), with the same MiniLM."""

    packages = ("llama-index-core",)

    def __init__(self, model: Path, folder: Path) -> None:  # noqa: ARG002  # it keeps nothing on disk
        from llama_index.core.embeddings import BaseEmbedding

        embed = embedding(model)

        class MiniLM(BaseEmbedding):
            def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
                return embed(texts).tolist()

            def _get_text_embedding(self, text: str) -> list[float]:
                return self._get_text_embeddings([text])[0]

            _get_query_embedding = _get_text_embedding

            async def _aget_query_embedding(self, query: str) -> list[float]:
                return self._get_query_embedding(query)

        self.chunks: list[tuple[str, str]] = []
        self._embedding = MiniLM()

    def ingest(self, articles: Sequence[Record]) -> None:
        from llama_index.core import Document, VectorStoreIndex

        documents = [Document(text=article["text"], id_=article["id"]) for article in articles]
        index = VectorStoreIndex.from_documents(documents, embed_model=self._embedding)
        nodes = list(index.docstore.docs.values())
        self.chunks = [(node.ref_doc_id, node.get_content()) for node in nodes]
        self._numbers = {node.node_id: number for number, node in enumerate(nodes)}
        self._retriever = index.as_retriever(similarity_top_k=K)

    def search(self, question: str) -> list[int]:
        return [self._numbers[found.node.node_id] for found in self._retriever.retrieve(question)]


def embedding(model: Path) -> "Callable[[Sequence[str]], np.ndarray]":
    """MiniLM as sentence-transformers runs it: padded to the batch's longest text, the mean of the tokens, unit length.

    Not Chroma's class, which pads each question to 256 tokens: that is Chroma's cost, and not LlamaIndex's.
    """
    import numpy as np
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    session = InferenceSession(str(model / "model.onnx"), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.enable_truncation(_TOKENS)
    tokenizer.enable_padding()

    def embed(texts: Sequence[str]) -> "np.ndarray":
        encoded = tokenizer.encode_batch(list(texts))
        ids, mask = (np.array([getattr(one, name) for one in encoded], np.int64) for name in ("ids", "attention_mask"))
        tokens = session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})[0]
        means = (tokens * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    return embed


def located(text: str, chunks: Sequence[str]) -> Iterator[Span]:
    """Where the chunks of an article stand, in reading order; raises ValueError where that cannot be told.

    A chunk goes on after the one before it, or overlaps with its end: what is between two may only be space. That settles it
    where words come again; LangChain's own `add_start_index` takes the first occurrence from some point on.
    """
    start = end = -1
    for chunk in chunks:
        found = text.find(chunk, start + 1)
        while found >= 0 and found + len(chunk) <= end:
            found = text.find(chunk, found + 1)
        if found < 0 or text[max(end, 0) : found].strip():
            raise ValueError(f"A chunk is not where it should be: {chunk[:50]!r}.")
        start, end = found, found + len(chunk)
        yield start, end


def main(name: str, folder: Path, model: Path, scratch: Path) -> int:
    """Measures, and prints; MISSING where this Python has no such peer."""
    kind = {"recipe": Recipe, "llamaindex": LlamaIndex}[name]
    try:
        warm: Peer = kind(model, scratch / "warm")
        peer: Peer = kind(model, scratch / "store")
    except ImportError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    # What is imported or loaded at the first use is nobody's cost of a chunk.
    warm.ingest(_WARM)
    warm.search("warm")
    articles, questions = (_records(folder / f"{kind}.jsonl") for kind in ("articles", "questions"))
    started = time.perf_counter()
    peer.ingest(articles)
    seconds = time.perf_counter() - started
    spans = list(_spans(articles, peer.chunks))
    answers = [_asked(peer, spans, question) for question in questions]
    versions = {package: version(package) for package in kind.packages}
    sys.stdout.write(json.dumps({"versions": versions, "chunks": len(spans), "seconds": seconds, "answers": answers}) + "\n")
    return 0


def _spans(articles: Sequence[Record], chunks: Sequence[tuple[str, str]]) -> Iterator[tuple[str, int, int]]:
    """Where each chunk stands, in the order of the chunks, which is that of the articles."""
    texts = {article["id"]: article["text"] for article in articles}
    for id, group in groupby(chunks, itemgetter(0)):
        yield from ((id, start, end) for start, end in located(texts[id], [chunk for _, chunk in group]))


def _asked(peer: Peer, spans: Sequence[tuple[str, int, int]], question: Record) -> Record:
    """One question searched as the recipe does, the last turn alone: a line of a run, with its milliseconds."""
    started = time.perf_counter()
    found = peer.search(question["question"])
    ms = 1000 * (time.perf_counter() - started)
    hits = [dict(zip(("article", "start", "end"), spans[number], strict=True)) for number in found]
    return {"id": question["id"], "hits": hits, "ms": ms}


def _records(file: Path) -> list[Record]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(Path, sys.argv[2:5])))
