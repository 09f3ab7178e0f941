"""What answers are made with: the pipeline, models and their writers, the verifier, and what answers about the collection."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.audit import AuditLog
from bot.resources import prompts_dir
from bot.settings import Settings
from bot.tracing import traced_search
from bot.wiring.archive import Archive
from bot.wiring.engine import Lazy, SearchEngine
from bot.wiring.model_choices import ModelDirectory

if TYPE_CHECKING:
    from bot.answering.collection.replies import Collection, ProgramFacts
    from bot.answering.pipeline import Bot
    from bot.answering.retrieval import RetrievalTools
    from bot.answering.second_opinion import Advisor
    from bot.answering.sentence_odds import Judge
    from bot.answering.writing import Budget, ModelWriter
    from bot.models import Model
    from bot.prompting import PromptFolder
    from bot.suggestions.written import QuestionWriter
    from bot.verification.verify import Verifier
    from vectorstore.encoding.transformer import Floats


class AnswerFactory:
    """Makes what answers, for the chat as for the evaluations. Threads may share it."""

    def __init__(self, settings: Settings, engine: SearchEngine, archive: Archive, models: ModelDirectory) -> None:
        self._settings = settings
        self._engine = engine
        self._archive = archive
        self.models = models
        self.prompts: Lazy[PromptFolder] = Lazy(self._open_prompts)
        """The folder of the prompts, which is read anew with each question."""
        self._verifier: Lazy[Verifier] = Lazy(self._make_verifier)
        self._collection: Lazy[Collection] = Lazy(self._make_collection)
        # Loaded with the first answer and not before: a question about the collection does without it.
        self._sentence_judge: Lazy[Judge] = Lazy(_load_sentence_judge)

    def bot(self, model: str) -> "Bot":
        """What answers with that model ("" for the one in force) and the prompts in force, as the chat does."""
        from bot.answering.pipeline import Bot
        from bot.answering.retrieval import Limits

        settings = self._settings
        limits = Limits(settings.passages, settings.quotes, settings.abstain_below)
        return Bot(
            traced_search(self._engine.searcher().search),
            self._engine.catalog.summaries,
            limits,
            self.writer(model),
            # Says in how many articles a word of the question stands, where they do not answer.
            count=self._engine.word_counter().count,
            collection=self.collection(model),
            tools=self.retrieval_tools(),
        )

    def model(self, name: str) -> "Model | None":
        """The model of that name with the connections that it keeps; None for quotes mode."""
        return self.models.model(name)

    def _open_prompts(self) -> "PromptFolder":
        from bot.prompting import PromptFolder

        return PromptFolder(prompts_dir(self._settings.prompts), AuditLog(self._settings.home))

    def writer(
        self,
        name: str,
        prompts: "PromptFolder | None" = None,
        budget: "Budget | None" = None,
        *,
        measured: bool = False,
        seed: int | None = None,
    ) -> "ModelWriter | None":
        """What writes answers with that model, by the prompts and the budget of the settings; None for quotes mode.

        `measured`: what comes is to be the model's and its prompt's alone, with no source that Footnote finds, and no second
        opinion. `seed` is what the server is to draw by.
        """
        model = self.model(name)
        if model is None:
            return None
        from bot.answering.writing import Additions, Budget, ModelWriter

        own = self.models.settings(name)
        return ModelWriter(
            model if seed is None else model.seeded(seed),
            prompts or self.prompts(),
            # Answers by pinned prompts are compared over months: what is reviewed meanwhile changes no verdict of theirs.
            self.verifier(own=prompts is None),
            self._engine.encoder().count_tokens,
            budget or Budget(own.context_tokens, own.max_answer_tokens, self._settings.small_model),
            self._price_of(model),
            Additions(not measured, self._settings.second_opinion and not measured),
        )

    def advisor(self, name: str = "") -> "Advisor | None":
        """What gives second opinions with that model; None for quotes mode."""
        model = self.model(name)
        if model is None:
            return None
        from bot.answering.second_opinion import Advisor

        return Advisor(model, self.prompts(), self._price_of(model))

    def question_writer(self, name: str) -> "QuestionWriter | None":
        """What writes questions to go on with by that model; None for quotes mode."""
        model = self.model(name)
        if model is None:
            return None
        from bot.suggestions.written import QuestionWriter

        return QuestionWriter(model, self.prompts(), self._engine.encoder().count_tokens, self._price_of(model))

    def _price_of(self, model: "Model") -> Callable[[int, int], float | None]:
        """What so many tokens read and written cost with a model, in dollars; None where its price is not known."""
        from bot.models.usage import cost, load_prices

        # Read for each answer: prices may be corrected in the home while the program runs.
        prices = load_prices(self._settings.home, compatible=model.compatible)
        return lambda sent, written: cost(model.name, sent, written, prices)

    def verifier(self, *, own: bool = True) -> "Verifier":
        """The judge of claims; it needs no index. With `own`, its scores are corrected by the reader's own reviews."""
        return self._verifier().corrected(self._archive.score_curve()) if own else self._verifier()

    def collection(self, model: str) -> "tuple[Collection, ProgramFacts]":
        """What answers questions about the articles as such, and about the program; raises IndexMissing."""
        return self._collection(), self._program_facts(model)

    def retrieval_tools(self) -> "RetrievalTools":
        """What helps the pipeline to read a question and to choose sentences."""
        from bot.answering.retrieval import RetrievalTools

        engine = self._engine
        return RetrievalTools(engine.texts, engine.respelt, self._sentence_judge(), engine.pages, engine.stands)

    def warm(self, model: str, fixed_passages: bool = False) -> None:
        """Opens what an answer needs; with `fixed_passages` no search is needed."""
        from vectorstore.searching.search import Query

        # Passages that are held still need neither the search nor the catalog.
        if not fixed_passages:
            self._engine.search(Query("warm"), 1)
            self._collection().warm()
        # LangChain's package takes seconds to import, which the first question need not wait for.
        if writer := self.model(model):
            writer.warm()

    def _make_verifier(self) -> "Verifier":
        from bot.verification.verify import Verifier
        from vectorstore.encoding.late_interaction import MultilingualSimilarity, TokenSimilarity

        english = TokenSimilarity(self._engine.minilm().tokens)
        # Whoever has chosen the English encoder alone does not want the other one loaded.
        if self._settings.embedding == "minilm":
            return Verifier(english, self._engine.text)
        # The second encoder is loaded only once a claim and its passage are in different languages.
        across = MultilingualSimilarity(english, lambda: TokenSimilarity(self._engine.e5().tokens))
        return Verifier(across, self._engine.text)

    def _make_collection(self) -> "Collection":
        import numpy as np

        from bot.answering.collection.catalog import ArticleLookup
        from bot.answering.collection.intents import IntentRecogniser
        from bot.answering.collection.replies import Collection
        from vectorstore.encoding.weights import cache_folder

        # Also where a server embeds: a question must not go there to be recognised.
        local = self._engine.minilm()

        def encode(texts: Sequence[str]) -> "Floats":
            """The vector of each text."""
            return np.stack([local.encode_query(text).vector for text in texts])

        lookup = ArticleLookup(self._engine.catalog, self._engine.searcher().search)
        # The vectors of the phrasings are kept between processes, by the encoder that made them.
        kept = cache_folder() / "intents" / f"{local.fingerprint.replace('/', '-')}.npy"
        return Collection(IntentRecogniser(encode, kept=kept), lookup)

    def _program_facts(self, name: str) -> "ProgramFacts":
        from bot.answering.collection.replies import ProgramFacts

        # The settings under which texts are embedded on this machine.
        here = {"auto": "MiniLM and multilingual-e5-small", "minilm": "MiniLM", "e5": "multilingual-e5-small"}
        model, embedding = self.model(name), self._settings.embedding
        # What is told of where questions and articles go: nothing leaves the machine unless it is named here.
        servers = [*([model.name] if model else []), *([embedding] if embedding not in here else [])]
        return ProgramFacts(model.name if model else "", here.get(embedding, embedding), tuple(servers))


def _load_sentence_judge() -> "Judge":
    """What says which sentences answer."""
    from bot.answering.sentence_odds import remembering_judge
    from vectorstore.encoding.answer_judge import ensure_judge

    return remembering_judge(ensure_judge().scores)


def open_verifier() -> "Verifier":
    """The judge of claims alone: no home, no index, and the model only when it is needed."""
    from bot.verification.verify import Verifier
    from vectorstore.encoding.embed import E5, LocalEncoder
    from vectorstore.encoding.late_interaction import MultilingualSimilarity, TokenSimilarity

    return Verifier(
        MultilingualSimilarity(
            TokenSimilarity(LocalEncoder().tokens), lambda: TokenSimilarity(LocalEncoder(local_model=E5).tokens)
        )
    )
