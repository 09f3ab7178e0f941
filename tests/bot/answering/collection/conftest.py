"""A recogniser with the real encoder, and a small library of three authors in a real index."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.answering.collection.catalog import ArticleLookup
from bot.answering.collection.intents import Floats, IntentRecogniser
from bot.answering.collection.replies import Collection
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching.search import Searcher
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.home import Home

FILES = {
    "dam.md": (
        "---\ntitle: The dam at Ner\nauthor: Ada Brandt\ndate: 2019-05-04\nsource: The Ner Gazette\n---\n"
        "## The plan\n\nThe dam at Ner holds back the river for forty farms. Its wall is ninety metres high. "
        "Engineers drew the plan of the dam in two years. The farms had asked for a dam since the flood. "
        "Nobody in the valley has missed a harvest since the dam was closed.\n\nWho paid for it?\n\n"
        "The farms paid a third of the dam, and the province paid the rest.\n"
    ),
    "bees.txt": (
        "Bees on the roof\n\nEvery hotel in town keeps bees on its roof. The bees fly three miles for lime trees. "
        "A beekeeper looks after forty roofs with bees. The honey of the roofs is sold in June.\n"
    ),
    "ferry.md": (
        "---\ntitle: The last ferry\nauthor: Jo Lindqvist\ndate: 2021-03\n---\nThe last ferry left the harbour at noon. "
        "The ferry had carried cars since the war. A bridge takes the cars of the ferry now.\n"
    ),
    "tram.md": (
        "---\ntitle: Trams in the snow\nauthor: Ada Brandt\ndate: 2023\n---\nTrams ran through the snow all winter. "
        "The tram drivers cleared the rails with brooms. Snow stopped the buses, and no tram.\n"
    ),
}


@pytest.fixture(scope="session")
def recogniser(minilm_encoder: LocalEncoder) -> IntentRecogniser:
    def encode(texts: Sequence[str]) -> Floats:
        return np.stack([tokens.pooled() for tokens in minilm_encoder.model.encode(texts)])

    return IntentRecogniser(encode)


@pytest.fixture(scope="session")
def library(minilm_encoder: LocalEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("library")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    home = Home(tmp_path_factory.mktemp("shelf") / "home")
    index = Index(home, Catalog.open(home.catalog_url, create=True))
    Ingestor(index, minilm_encoder).ingest([Path(folder)])
    yield index
    index.close()


@pytest.fixture(scope="session")
def searcher(library: Index, minilm_encoder: LocalEncoder) -> Searcher:
    return Searcher(library, minilm_encoder, manifest_of(minilm_encoder))


@pytest.fixture(scope="session")
def lookup(library: Index, searcher: Searcher) -> ArticleLookup:
    return ArticleLookup(library.catalog, searcher.search)


@pytest.fixture(scope="session")
def collection(recogniser: IntentRecogniser, lookup: ArticleLookup) -> Collection:
    return Collection(recogniser, lookup)
