"""The search as a LangChain retriever, for anybody's chain."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from vectorstore.searching.search import Query, Searcher
from vectorstore.types import EVERYWHERE, Hit, Scope


class FootnoteRetriever(BaseRetriever):
    """Gives the `k` best passages as documents; their metadata says where in which article each stands.

    `FootnoteRetriever(searcher=searcher, k=4).invoke("Who opened the bridge?")` is a list of LangChain's documents, and
    `retriever | prompt | model` a chain. Notes on the search, such as that an index is damaged, go to the run's callbacks.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    k: int = Field(default=4, ge=1)
    scope: Scope = EVERYWHERE

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        found = self.searcher.search(Query(query, scope=self.scope), self.k)
        for note in found.notes:
            run_manager.on_text(note)
        return [_document(hit) for hit in found.hits]


def _document(hit: Hit) -> Document:
    where = {"article": hit.article, "start": hit.start, "end": hit.end, "score": hit.score}
    stages = {name: {"rank": stage.rank, "score": stage.score} for name, stage in hit.stages.items()}
    return Document(page_content=hit.text, id=f"{hit.article}:{hit.start}-{hit.end}", metadata={**where, "stages": stages})
