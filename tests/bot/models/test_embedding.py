"""Embeddings from an OpenAI-compatible server: the real client against a server on this machine."""

from pathlib import Path

import numpy as np
import pytest

from bot.errors import SettingsError
from bot.models import open_embeddings
from bot.settings import Settings, load_settings
from bot.types import Done, Question
from bot.wiring import Service, open_service
from tests.openai_server import KEY, OpenAIServer, serving
from vectorstore.encoding.embed import HostedEncoder, LocalEncoder, hosted_dimension
from vectorstore.errors import EmbeddingError, IndexMismatch

MODEL = "openai:fake-embedding"
TEXTS = ["The bridge at Ner opened in 1931.", "鄧小平", "", "🚀"]


@pytest.fixture
def settings(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The settings as the environment gives them."""
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", MODEL)
    monkeypatch.setenv("FOOTNOTE_MODEL", "quotes")
    monkeypatch.setenv("OPENAI_BASE_URL", server.address)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return load_settings(home=tmp_path / "home")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text("The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.")
    (folder / "harbour.txt").write_text("The harbour of Sund froze over. Ships waited outside for weeks.")
    return folder


def encoder(settings: Settings, server: OpenAIServer, local: LocalEncoder) -> HostedEncoder:
    return HostedEncoder(open_embeddings(settings), MODEL, server.dimension, local)


def ingested(settings: Settings, articles: Path) -> Service:
    app = open_service(settings)
    app.library.ingest([articles], prune=False, rebuild=False, progress=None)
    return app


def test_the_servers_vectors_are_used(settings: Settings, server: OpenAIServer, minilm_encoder: LocalEncoder) -> None:
    made = [one.vector for one in encoder(settings, server, minilm_encoder).encode(TEXTS)]
    wanted = [vector / np.linalg.norm(vector) for vector in map(server.vector, TEXTS)]
    assert np.stack(made) == pytest.approx(np.stack(wanted), abs=1e-6)


def test_a_question_gets_the_vector_of_the_same_text(
    settings: Settings, server: OpenAIServer, minilm_encoder: LocalEncoder
) -> None:
    made = encoder(settings, server, minilm_encoder).encode_query(TEXTS[0]).vector
    assert made == pytest.approx(server.vector(TEXTS[0]) / np.linalg.norm(server.vector(TEXTS[0])), abs=1e-6)


def test_vectors_travel_as_base64(settings: Settings, server: OpenAIServer) -> None:
    assert open_embeddings(settings).embed_query("a text") == pytest.approx(server.vector("a text").tolist())
    assert server.encodings == ["base64"]


def test_a_server_that_knows_no_base64_serves_as_well(settings: Settings, server: OpenAIServer) -> None:
    server.only_floats = True
    assert open_embeddings(settings).embed_query("a text") == pytest.approx(server.vector("a text").tolist())


def test_the_server_is_sent_texts_and_the_models_name(settings: Settings, server: OpenAIServer) -> None:
    open_embeddings(settings).embed_documents(["one", "two"])
    (body,) = server.asked["/v1/embeddings"]
    assert (body["input"], body["model"]) == (["one", "two"], "fake-embedding")


def test_the_dimension_is_the_servers(settings: Settings, server: OpenAIServer) -> None:
    assert hosted_dimension(open_embeddings(settings), MODEL) == server.dimension


def test_a_wrong_key_is_told(settings: Settings, server: OpenAIServer) -> None:
    wrong = settings.model_copy(update={"openai_api_key": type(settings.openai_api_key)("sk-wrong-one")})
    with pytest.raises(EmbeddingError) as told:
        hosted_dimension(open_embeddings(wrong), MODEL)
    assert told.value.message == f"The embedding model {MODEL} did not answer: Incorrect API key provided."
    assert told.value.help.startswith("Check the key")


def test_a_server_that_is_gone_is_told(minilm_encoder: LocalEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        address = server.address
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", MODEL)
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    encoder = HostedEncoder(open_embeddings(load_settings()), MODEL, 16, minilm_encoder)
    with pytest.raises(EmbeddingError, match=r"^The embedding model openai:fake-embedding did not answer: Connection error\.$"):
        encoder.encode(["a text"])


def test_another_dimension_than_before_is_told(settings: Settings, server: OpenAIServer, minilm_encoder: LocalEncoder) -> None:
    made = encoder(settings, server, minilm_encoder)
    server.dimension = 24
    with pytest.raises(EmbeddingError, match=r"gave 24 dimensions where 16 were expected\.$"):
        made.encode(["a text"])


def test_a_compatible_server_may_want_no_key(settings: Settings, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.key = ""
    monkeypatch.delenv("OPENAI_API_KEY")
    assert len(open_embeddings(load_settings()).embed_query("a text")) == server.dimension


def test_openai_itself_wants_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", "openai:text-embedding-3-small")
    with pytest.raises(
        SettingsError, match=r"^FOOTNOTE_EMBEDDING is openai:text-embedding-3-small, which needs a key\.$"
    ) as told:
        open_embeddings(load_settings())
    assert "OPENAI_API_KEY" in told.value.help


def test_articles_go_in_and_are_found_with_the_servers_vectors(
    settings: Settings, server: OpenAIServer, articles: Path
) -> None:
    app = ingested(settings, articles)
    found = app.library.search(Question("When did the bridge at Ner open?"), 2)
    app.close()
    assert [hit.article for hit in found.hits] == ["bridge.txt", "harbour.txt"]
    asked = server.vector("When did the bridge at Ner open?")
    stored = server.vector((articles / "bridge.txt").read_text())
    cosine = asked @ stored / np.linalg.norm(asked) / np.linalg.norm(stored)
    assert found.hits[0].stages["dense"].score == pytest.approx(cosine, abs=1e-3)


def test_a_question_is_answered_with_the_servers_vectors(settings: Settings, articles: Path) -> None:
    app = ingested(settings, articles)
    *_, done = app.chat.stream(Question("When did the bridge at Ner open?"))
    app.close()
    assert isinstance(done, Done)
    assert done.answer.citations[0].quote == "The bridge at Ner opened on 4 May 1931."


def test_an_index_of_the_servers_vectors_is_refused_to_the_model_here(settings: Settings, articles: Path) -> None:
    ingested(settings, articles).close()
    app = open_service(settings.model_copy(update={"embedding": "minilm"}))
    with pytest.raises(
        IndexMismatch, match=r"the embedding model is all-MiniLM.*, the index has openai:fake-embedding/16"
    ) as told:
        app.library.search(Question("When did it open?"), 2)
    app.close()
    assert "set the old model again" in told.value.help


def test_a_wrong_key_at_ingest_leaves_a_sentence_and_no_half_index(
    settings: Settings, server: OpenAIServer, articles: Path
) -> None:
    server.key = "another"
    app = open_service(settings)
    with pytest.raises(EmbeddingError, match="Incorrect API key"):
        app.library.ingest([articles], prune=False, rebuild=False, progress=None)
    assert not app.library.has_index()
    app.close()
