"""The second set of vectors: when it is needed, that it is whole before it serves, and that it follows what comes and goes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import FakeEncoder, open_index, prose, write
from vectorstore.doctor import diagnose
from vectorstore.encoding.embed import Encoded
from vectorstore.errors import EmbeddingError
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching import multilingual
from vectorstore.searching.multilingual import MultilingualVectors
from vectorstore.searching.search import Query, Searcher

FIRST, SECOND = FakeEncoder("first-1"), FakeEncoder("second-1", dimension=16)
GERMAN = "Der Hafen war im Januar zugefroren. Kein Schiff verließ ihn sechs Wochen lang, und das Brot wurde teuer."
FRENCH = "Le port était fermé en février. Aucun navire ne le quitta pendant six semaines, et le pain devint très cher."
QUESTION = "Wann war der Hafen zugefroren?"


class Unavailable(FakeEncoder):
    """An encoder whose weights cannot be had."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        raise EmbeddingError(f"The weights for {len(texts)} texts are not there.", "Install them.")


class Tokenless(FakeEncoder):
    """An encoder without token vectors, which a search of passages by their tokens would read."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        return [Encoded(self.vector(text), b"") for text in texts]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    index = open_index(tmp_path / "home")
    write(tmp_path / "articles", {"cats.txt": prose("cat", 3), "dogs.txt": prose("dog", 3)})
    Ingestor(index, FIRST).ingest([tmp_path / "articles"])
    yield index
    index.close()


@pytest.fixture
def second(index: Index) -> Iterator[MultilingualVectors]:
    made = MultilingualVectors(index, SECOND)
    yield made
    made.close()


def ingest(index: Index, folder: Path, texts: dict[str, str]) -> None:
    Ingestor(index, FIRST, second=SECOND).ingest([write(folder, texts)])


def chunks(index: Index) -> set[int]:
    return set(index.catalog.chunk_ids())


@pytest.mark.parametrize("question", [QUESTION, "港口什么时候结冰？", "متى تجمد الميناء؟"])
def test_a_question_in_another_language_needs_the_set(second: MultilingualVectors, question: str) -> None:
    assert second.is_foreign(question)


@pytest.mark.parametrize("question", ["When did the harbour freeze?", "who is yao", "2019", "hi"])
def test_an_english_question_over_english_articles_does_without(second: MultilingualVectors, question: str) -> None:
    assert not second.is_foreign(question)
    assert not second.has_foreign_articles()


def test_an_english_question_needs_e5_where_many_articles_are_foreign(
    index: Index, second: MultilingualVectors, tmp_path: Path
) -> None:
    ingest(index, tmp_path / "more", {"hafen.txt": GERMAN})
    assert second.has_foreign_articles()


@pytest.mark.parametrize(
    ("question", "others"),
    [(QUESTION, ("en", "fr")), ("When did the harbour freeze?", ("de", "fr")), ("港口什么时候结冰？", ())],
    ids=["in German", "in English", "in a language of no article"],
)
def test_other_languages_are_those_beside_the_questions_own(
    index: Index, second: MultilingualVectors, tmp_path: Path, question: str, others: tuple[str, ...]
) -> None:
    ingest(index, tmp_path / "more", {"hafen.txt": GERMAN, "port.txt": FRENCH})
    assert tuple(sorted(second.other_languages(question))) == others


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("How long do you soak the beans before making tofu?", "tofu.txt"),
        ("Why must soy milk be boiled?", "tofu.txt"),
        ("How long does a compost heap take?", "heap.txt"),
        ("养蜂人给蜜蜂吃什么？", "bees.txt"),
    ],
)
def test_a_question_finds_its_article_beside_those_in_its_language(mixed: Searcher, question: str, article: str) -> None:
    assert mixed.search(Query(question), 3).hits[0].article == article


BEFORE = "When did the ships in the harbour leave for the summer?"


@pytest.mark.parametrize(
    ("query", "made"),
    [
        pytest.param(Query(QUESTION, BEFORE, weight=0.3), True, id="stands by itself"),
        pytest.param(Query(BEFORE, QUESTION, weight=0.3), False, id="in English and stands by itself"),
        pytest.param(Query(QUESTION, BEFORE), True, id="leans on an English turn"),
        pytest.param(Query("And how long was it?", QUESTION), True, id="leans on a German turn"),
    ],
)
def test_the_language_is_that_of_all_that_the_question_rests_on(tmp_path: Path, query: Query, made: bool) -> None:
    # Late interaction knows the real encoders' dimension only.
    first, second = Tokenless("first-1", dimension=384), Tokenless("second-1", dimension=384)
    index = open_index(tmp_path / "home")
    Ingestor(index, first).ingest([write(tmp_path / "articles", {"cats.txt": prose("cat", 3)})])
    Searcher(index, first, manifest_of(first), second=MultilingualVectors(index, second)).search(query, 3)
    assert index.replicas.has_multilingual() is made
    index.close()


def test_the_set_is_made_when_it_is_needed(index: Index, second: MultilingualVectors) -> None:
    before = index.replicas.has_multilingual()
    assert (before, second.ready(), index.replicas.has_multilingual()) == (False, True, True)


def test_each_chunk_has_its_vector_in_the_set(index: Index, second: MultilingualVectors) -> None:
    second.make()
    assert set(index.dense_index("multilingual").ids()) == chunks(index)


def test_the_set_finds_a_chunk_by_the_second_models_vector(index: Index, second: MultilingualVectors) -> None:
    second.make()
    number, chunk = next(iter(index.catalog.chunks(chunks(index)).items()))
    assert index.dense_index("multilingual").query(SECOND.vector(chunk.text), 1)[0][0] == number


def test_making_it_again_embeds_nothing(index: Index, second: MultilingualVectors) -> None:
    second.make()
    SECOND.asked.clear()
    MultilingualVectors(index, SECOND).make()
    assert SECOND.asked == []


def test_what_is_ingested_later_is_in_the_set(index: Index, second: MultilingualVectors, tmp_path: Path) -> None:
    second.make()
    ingest(index, tmp_path / "more", {"birds.txt": prose("bird", 2)})
    assert set(index.dense_index("multilingual").ids()) == chunks(index)


def test_what_is_removed_leaves_the_set(index: Index, second: MultilingualVectors) -> None:
    second.make()
    Ingestor(index, FIRST, second=SECOND).remove(["cats.txt"])
    assert set(index.dense_index("multilingual").ids()) == chunks(index)


def test_a_rebuild_keeps_the_set_without_embedding_again(index: Index, second: MultilingualVectors) -> None:
    second.make()
    SECOND.asked.clear()
    Ingestor(index, FIRST, second=SECOND).rebuild()
    assert (set(index.dense_index("multilingual").ids()), SECOND.asked) == (chunks(index), [])


def test_a_sweep_keeps_the_vectors_of_both_models(index: Index, second: MultilingualVectors) -> None:
    second.make()
    index.catalog.forget_loose_vectors(sweep=True)
    assert (index.catalog.without_vector(), index.catalog.without_vector("multilingual")) == (0, 0)


def test_a_set_that_was_stopped_goes_on_where_it_was(index: Index) -> None:
    stopped = MultilingualVectors(index, SECOND)
    stopped.close()
    assert not stopped.ready()
    assert MultilingualVectors(index, SECOND).ready()


def test_a_set_that_is_soon_made_is_waited_for_in_the_background_too(index: Index) -> None:
    assert MultilingualVectors(index, SECOND, background=True).ready()


def test_in_the_background_the_first_answer_does_without_and_says_so(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multilingual, "SHORT", 0)
    second = MultilingualVectors(index, SECOND, background=True)
    ready = second.ready()
    told = second.note()
    second._thread.join()  # type: ignore[union-attr]
    assert (ready, second.ready()) == (False, True)
    assert told.startswith("The articles are being prepared for questions in other languages")


def test_a_set_that_cannot_be_made_is_told_and_not_tried_again(index: Index) -> None:
    second = MultilingualVectors(index, Unavailable())
    assert (second.ready(), second.ready()) == (False, False)
    assert "as if it were English" in second.note()
    assert second.note().endswith("texts are not there. Install them.")


def test_the_set_of_another_model_is_given_up(index: Index, second: MultilingualVectors) -> None:
    second.make()
    other = FakeEncoder("third-1", dimension=8)
    MultilingualVectors(index, other).make()
    some = next(iter(chunks(index)))
    assert index.catalog.vectors([some], "multilingual")[some].shape == (8,)


def test_the_doctor_looks_at_the_set_too(index: Index, second: MultilingualVectors) -> None:
    second.make()
    found = {finding.name: finding.ok for finding in diagnose(index)}
    assert found["multilingual"]
