"""The search as a LangChain retriever: LangChain's own tests, its documents, and its place in somebody's chain."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests
from pydantic import ValidationError

from bot import Footnote, InputError, Scope
from bot.integrations.retriever import FootnoteRetriever
from vectorstore.index import Index
from vectorstore.storage.home import Home

QUESTION = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"
ALLIANCE = "co-prosperity-leader-alliance.md"


@pytest.fixture
def retriever(footnote: Footnote) -> FootnoteRetriever:
    return FootnoteRetriever(footnote=footnote, k=4)


@pytest.mark.asyncio  # One of them is a coroutine; the others need not be told that they are none.
@pytest.mark.filterwarnings("ignore:.*is not an async function")
class TestLangChainsOwnTests(RetrieversIntegrationTests):
    """The standard tests that LangChain gives to every retriever."""

    @pytest.fixture(autouse=True)
    def opened(self, footnote: Footnote) -> None:
        self.footnote = footnote

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return FootnoteRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"footnote": self.footnote}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


class Told(BaseCallbackHandler):
    """Keeps the texts that a chain tells its callbacks."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def on_text(self, text: str, **_: Any) -> None:
        self.texts.append(text)


def test_documents_are_the_searchs_hits_in_its_order(retriever: FootnoteRetriever, footnote: Footnote) -> None:
    hits = footnote.search(QUESTION, 4).hits
    assert [document.page_content for document in retriever.invoke(QUESTION)] == [hit.text for hit in hits]


def test_the_metadata_say_where_the_text_stands(retriever: FootnoteRetriever, seeds_index: Index) -> None:
    for document in retriever.invoke(QUESTION):
        article = seeds_index.catalog.article(document.metadata["article"])
        assert article is not None
        assert article.text[document.metadata["start"] : document.metadata["end"]] == document.page_content


def test_the_metadata_have_the_score_and_the_stages(retriever: FootnoteRetriever, footnote: Footnote) -> None:
    (hit,) = footnote.search(QUESTION, 1).hits
    best = retriever.invoke(QUESTION)[0].metadata
    assert best["score"] == hit.score
    assert best["stages"] == {name: {"rank": one.rank, "score": one.score} for name, one in hit.stages.items()}


def test_the_metadata_can_be_written_as_json(retriever: FootnoteRetriever) -> None:
    metadata = [document.metadata for document in retriever.invoke(QUESTION)]
    assert json.loads(json.dumps(metadata)) == metadata


def test_no_two_documents_have_the_same_id(footnote: Footnote) -> None:
    ids = [document.id for document in FootnoteRetriever(footnote=footnote, k=20).invoke(QUESTION)]
    assert None not in ids
    assert len(set(ids)) == len(ids) == 20


def test_a_scope_holds(footnote: Footnote) -> None:
    scoped = FootnoteRetriever(footnote=footnote, k=4, scope=Scope(("new-space-race.md",)))
    assert {document.metadata["article"] for document in scoped.invoke(QUESTION)} == {"new-space-race.md"}


def test_it_stands_in_a_chain(retriever: FootnoteRetriever) -> None:
    def prompt(given: dict[str, Any]) -> str:
        found: list[Document] = given["context"]
        return f"{given['question']}\n" + "\n".join(document.page_content for document in found)

    chain = {"context": retriever, "question": RunnablePassthrough()} | RunnableLambda(prompt)
    written = chain.invoke(QUESTION)
    assert written.startswith(QUESTION)
    assert "Dec. 23" in written


def test_a_batch_gives_what_single_questions_do(retriever: FootnoteRetriever) -> None:
    questions = [QUESTION, "What did Elon Musk say about Chinese workers?"]
    assert retriever.batch(questions) == [retriever.invoke(question) for question in questions]


def test_awaiting_gives_the_same(retriever: FootnoteRetriever) -> None:
    assert asyncio.run(retriever.ainvoke(QUESTION)) == retriever.invoke(QUESTION)


def test_what_the_search_did_without_is_told_to_the_callbacks(seeds_home: Path, tmp_path: Path) -> None:
    home = Home(Path(shutil.copytree(seeds_home, tmp_path / "home")))
    (folder,) = home.folders("lexical").values()
    for file in filter(Path.is_file, folder.rglob("*")):
        file.write_bytes(b"not an index")
    told = Told()
    with Footnote(home.path) as opened:
        found = FootnoteRetriever(footnote=opened).invoke(QUESTION, config={"callbacks": [told]})
    assert found[0].metadata["article"] == ALLIANCE
    assert [text.split(" in ")[0] for text in told.texts] == ["The lexical index"]


def test_the_metadata_name_the_article(retriever: FootnoteRetriever) -> None:
    best = retriever.invoke(QUESTION)[0].metadata
    assert best["title"] == "The Japan-Taiwan Co-prosperity Leader Alliance"


def test_an_empty_question_is_told_as_such(retriever: FootnoteRetriever) -> None:
    with pytest.raises(InputError, match=r"^The question is missing or empty\.$"):
        retriever.invoke(" ")


def test_less_than_one_document_cannot_be_asked_for(footnote: Footnote) -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        FootnoteRetriever(footnote=footnote, k=0)
