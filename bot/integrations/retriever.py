"""The search as a LangChain retriever, for anybody's chain or agent."""

from collections.abc import Iterator

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from bot.integrations.footnote import Footnote
from bot.wiring.library import QuestionHits
from vectorstore.types import EVERYWHERE, Scope


class FootnoteRetriever(BaseRetriever):
    """Gives the `k` best passages as documents; their metadata say which article each is from, and where in it.

    `retriever | prompt | model` is a chain. Notes on the search, such as that an index is damaged, go to the run's callbacks.

    >>> retriever = FootnoteRetriever(footnote=footnote, k=4)
    >>> documents = retriever.invoke("Who launched the alliance?")
    >>> len(documents), documents[0].metadata["article"]
    (4, 'co-prosperity-leader-alliance.md')
    >>> len(retriever.invoke("Who launched the alliance?", k=2))
    2
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    footnote: Footnote = Field(exclude=True, repr=False)
    k: int = Field(default=4, ge=1)
    scope: Scope = EVERYWHERE

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        found = self.footnote.search(query, self.k if k is None else k, scope=self.scope)
        for note in found.notes:
            run_manager.on_text(note)
        return list(_documents(found, self.footnote))


def _documents(found: QuestionHits, footnote: Footnote) -> Iterator[Document]:
    for hit in found.hits:
        where = {"article": hit.article, "start": hit.start, "end": hit.end, "score": float(hit.score)}
        if article := footnote.article(hit.article):
            named = {"title": article.title, "author": article.author, "date": article.date, "source": article.source}
            where |= {name: value for name, value in named.items() if value}
        stages = {name: {"rank": stage.rank, "score": float(stage.score)} for name, stage in hit.stages.items()}
        # The same passage has the same id in each search, by which duplicates can be told.
        id = f"{hit.article}:{hit.start}-{hit.end}"
        yield Document(page_content=hit.text, id=id, metadata={**where, "stages": stages})
