"""The prompt lab of a home: prompts, setups, and what answers with exactly one of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import InputError
from bot.permissions import Permission, needs, open_to_all
from bot.resources import prompts_dir
from bot.settings import Settings
from bot.types import Passage, Question
from bot.wiring.answering import AnswerFactory
from bot.wiring.engine import SearchEngine
from bot.wiring.eval_indexes import EvaluationIndexes, IndexFactors
from vectorstore.errors import IndexMissing

if TYPE_CHECKING:
    from bot.answering.collection.replies import Collection, ProgramFacts
    from bot.answering.rendering import Rendered
    from bot.answering.retrieval import About
    from bot.evals.judging import ModelJudge
    from bot.evals.own_checks import CheckTools
    from bot.evals.records import Case, MetricScore, Result, Setup
    from bot.evals.runner import Answering, RunContext
    from bot.evals.setup_files import SetupRequest
    from bot.models import Model
    from bot.prompting import Message, Prompt, PromptFolder, PromptListing
    from vectorstore.searching.search import Query, SearchHits
    from vectorstore.storage.records import ArticleSummary


class Lab:
    """What evaluations are made with; see `bot.evals`. Threads may share it.

    >>> service.lab.setup("quotes").name
    'quotes'
    """

    def __init__(self, settings: Settings, engine: SearchEngine, answers: AnswerFactory) -> None:
        self._settings = settings
        self._engine = engine
        self._answers = answers
        self._indexes = EvaluationIndexes(settings, engine)

    @needs(Permission.USE_LAB)
    def prompts(self) -> "Sequence[PromptListing]":
        """All prompts with all their versions, broken ones among them, as their files stand now."""
        return self._answers.prompts().listed()

    @needs(Permission.USE_LAB)
    def prompt_files(self) -> "PromptFolder":
        """The folder that they are in, to read them to the letter, to add versions, and to put another one in force."""
        return self._answers.prompts()

    @needs(Permission.USE_LAB)
    def rendered(self, prompt: "Prompt", question: Question, passages: "Sequence[Passage]") -> "Rendered":
        """What a model would be sent for a turn, counted as an answer's is; raises InputError for a prompt of no turn."""
        from bot.answering.rendering import rendered

        count = self._engine.encoder().count_tokens
        return rendered(prompt, question, tuple(passages), self._settings.context_tokens, count)

    @needs(Permission.USE_LAB)
    def evals_home(self) -> Path:
        """The folder of the lab's runs, and of the answers that were had, below the home folder."""
        return self._settings.home / "evals"

    @needs(Permission.USE_LAB)
    def setup(self, model: str = "", prompt: str = "") -> "Setup":
        """What answers are made with now, or with another model, or another version of the prompt; raises InputError."""
        from bot.evals import setups

        # The very text of the prompt goes into the setup, so that a run can be repeated when the file has changed.
        writer, version = self._answers.model(model), setups.version_of(prompt)
        if writer is not None:
            prompts = self._answers.prompts()
            text, chosen = prompts.text("answer", version), prompts.load("answer", version)
            models = self._answers.models
            name, own = models.full_name(model, writer.resolve()), models.temperature(model)
            made = setups.model_setup(models.settings(model), name, chosen, text, self._state())
            made = made if own is None else replace(made, temperature=own)
            # Small models are given a simpler prompt to rewrite follow-ups, here as in the chat.
            return self._condensed(made, writer.is_small(self._settings.small_model))
        if prompt:
            raise InputError(
                "A prompt needs a model, and here answers are made of quotations.",
                "Choose a model with --model or in the settings; without --prompt, quotations are evaluated.",
            )
        return setups.quotes_setup(self._settings, self._state())

    def _condensed(self, setup: "Setup", small: bool = False, version: str = "") -> "Setup":
        """The setup with the prompt that rewrites follow-ups: that version, else what a model of its size is given."""
        prompts = self._answers.prompts()
        version = version or (prompts.for_small_models("condense") if small else "") or prompts.in_force("condense")
        return replace(setup, condense=f"condense/{version}", condense_text=prompts.text("condense", version))

    @needs(Permission.USE_LAB)
    def requested(self, request: "SetupRequest") -> "Setup":
        """The setup that a file of set-ups asks for; raises InputError where a knob does not go with its model."""
        # The index comes first, as its state is a part of the setup.
        made = self.indexed(request.turned(self.setup(request.model, request.prompt)))
        model = self._answers.model(request.model)
        # Knobs that turn nothing without a model: passed over, the run would claim what it did not do.
        needs = {"condense": request.condense, "temperature": request.temperature, "seed": request.seed}
        given = [name for name, value in {**needs, "context": request.context}.items() if value not in ("", None)]
        if model is None and given:
            raise InputError(f"Quotations have no {given[0]}.", f"Give that set-up a `model`, or take `{given[0]}` out.")
        if model is not None:
            model.seeded(request.seed)  # a provider that takes none is told of here
            made = self._condensed(made, version=request.condense) if request.condense else made
        judged = request.judge or request.judge_prompt
        return self.judged(made, request.judge, request.judge_prompt) if judged else made

    @needs(Permission.USE_LAB)
    def indexed(self, setup: "Setup") -> "Setup":
        """The setup with the state of the index that its factors ask for, which is made first; raises InputError."""
        factors = IndexFactors(setup.chunk_tokens, setup.encoder)
        if not factors:
            return setup
        if self._indexes.same(factors):
            # The home's own index is made so already: the setup is then the same as one that asks for nothing.
            return replace(setup, chunk_tokens=0, encoder="")
        with self._indexes.opened(factors, self._state()) as engine:
            return replace(setup, index=self._state(engine))

    @needs(Permission.USE_LAB)
    def evaluation_indexes(self) -> EvaluationIndexes:
        """The indexes that evaluations have made beside the home, to be told of and removed."""
        return self._indexes

    def _search_of(self, setup: "Setup") -> "tuple[Callable[[Query, int], SearchHits], About]":
        """What searches for a setup: the home's own index, or one with its factors, which is made where it is missing."""
        factors = IndexFactors(setup.chunk_tokens, setup.encoder)
        if not factors:
            return self._engine.search, self._engine.summaries
        # Of this moment: a run is answered to its end from the articles that it began with.
        state = self._state()
        with self._indexes.opened(factors, state):
            pass

        def search(query: "Query", k: int) -> "SearchHits":
            """The search in it, which is opened again where it was closed for newer ones."""
            with self._indexes.opened(factors, state, make=False) as engine:
                return engine.search(query, k)

        def summaries(ids: "Sequence[str]") -> "dict[str, ArticleSummary]":
            """Those of these articles that are in it."""
            with self._indexes.opened(factors, state, make=False) as engine:
                return engine.summaries(ids)

        return search, summaries

    @needs(Permission.USE_LAB)
    def price_note(self, setup: "Setup") -> str:
        """What a thousand tokens of the setup's model cost, as an end of a sentence; "" where its price is not known."""
        from bot.models.usage import cost, load_prices

        model = self._answers.model(setup.model)
        if model is None:
            return ""
        prices = load_prices(self._settings.home, compatible=model.compatible)
        # Two prices, as tokens that are written cost several times those that are read.
        read, written = cost(model.name, 1000, 0, prices), cost(model.name, 0, 1000, prices)
        if read is None or written is None:
            return ", whose price is not known"
        return f", at ${read:g} for 1,000 tokens read and ${written:g} for 1,000 written"

    @needs(Permission.USE_LAB)
    def judged(self, setup: "Setup", model: str = "", version: str = "") -> "Setup":
        """The setup with a judge: that model, else the one in force, with that version of its prompt; raises InputError."""
        from bot.evals.judging import PROMPT

        judge = self._answers.model(model)
        if judge is None:
            raise InputError(
                "Some of these cases are to be judged by a model, and none is chosen.",
                "Name one with --judge, or take `judge` out of the cases.",
            )
        prompts = self._answers.prompts()
        # Loaded for its number alone: with no version asked for, it is that in force.
        chosen = prompts.load(PROMPT, version)
        name = self._answers.models.full_name(model, judge.resolve())
        return replace(setup, judge=name, judge_prompt=f"{PROMPT}/{chosen.version}", judge_text=prompts.text(PROMPT, version))

    def _check_tools(self, setup: "Setup") -> "CheckTools":
        """What the checks of one's own need: the encoder that is on this machine, and the setup's judge."""
        from bot.evals.own_checks import CheckTools

        def similar(one: str, other: str) -> float:
            """The cosine of two texts, by MiniLM, whichever encoder the index is made with."""
            # Always one encoder, so that `similar: 0.7` means the same in every home.
            first, second = (self._engine.minilm().encode_query(text).vector for text in (one, other))
            # The vectors have the length 1, so their product is the cosine.
            return float(first @ second)

        return CheckTools(similar, self.judge(setup))

    @needs(Permission.USE_LAB)
    def judge(self, setup: "Setup") -> "ModelJudge | None":
        """The judge of a setup, with the text of its prompt as the setup has it; None where it has none."""
        from bot.evals.judging import PROMPT, ModelJudge
        from bot.prompting import parse_prompt

        model = self._answers.model(setup.judge) if setup.judge else None
        if model is None:
            return None
        most = self._answers.models.settings(setup.judge).max_answer_tokens
        prompt = parse_prompt(setup.judge_text, PROMPT, setup.judge_prompt.partition("/")[2])
        return ModelJudge(prompt, partial(_completed, model, most))

    @needs(Permission.USE_LAB)
    def answerer(self, setup: "Setup") -> "Answering":
        """What answers with exactly this setup; a model that cannot be had is told of here, before anything is asked."""
        from bot.answering.pipeline import Bot
        from bot.answering.retrieval import Limits
        from bot.answering.writing import Budget
        from bot.evals.setups import pinned_prompts

        # The index of the setup's factors is made here, where it is missing, before anything is asked.
        writer, settings, (search, summaries) = None, self._settings, self._search_of(setup)
        if self._answers.model(setup.model) is not None:
            prompts = pinned_prompts(setup, prompts_dir(settings.prompts))
            # 0 is a run that did not record it: it goes on with the budget of today.
            context = setup.context_tokens or self._answers.models.settings(setup.model).context_tokens
            budget = Budget(context, setup.max_tokens)
            # What is measured is the model and its prompt: a source that Footnote finds is no citation of theirs.
            writer = self._answers.writer(setup.model, prompts, budget, measured=True, seed=setup.seed)
        limits = Limits(setup.passages, setup.quotes, settings.abstain_below)
        # Passages that are held still can be answered from where there is no index at all.
        collection, tools = self._collection(setup.model), self._answers.retrieval_tools()
        return Bot(search, summaries, limits, writer, collection=collection, tools=tools).stream

    def _collection(self, model: str) -> "tuple[Collection, ProgramFacts] | None":
        """What answers questions about the articles as such, as in the chat; None where there is no index."""
        try:
            return self._answers.collection(model)
        except IndexMissing:
            return None

    @needs(Permission.USE_LAB)
    def evaluating(self, setup: "Setup") -> "RunContext":
        """All that a run with this setup is made with; raises what `answerer` does."""
        from bot.evals.cache_key import answer_basis, scores_basis
        from bot.evals.checks import failure
        from bot.evals.grounding import supporting
        from bot.evals.metrics import scores
        from bot.evals.own_checks import own_scores
        from bot.evals.runner import RunContext

        # Without the reader's own reviews: a score must mean the same in every month.
        support = supporting(self._answers.verifier(own=False))
        # Quotes mode never rewrites a question, so another text of that prompt is no other basis.
        quoting = self._answers.model(setup.model) is None
        condense = "" if quoting else setup.condense_text or self._answers.prompts().text("condense")
        # Part of the key of each cached answer: another server or budget, and it is asked anew.
        facts = answer_basis(self._answers.models.settings(setup.model), condense)

        tools = self._check_tools(setup)

        def judge(case: "Case", result: "Result") -> "Mapping[str, MetricScore]":
            """All metrics of one answer."""
            # Only a whole answer is judged: a judge costs money.
            own = {} if failure(result) else own_scores(case, result, tools)
            return scores(case, result, support, own)

        def warm() -> None:
            """Opens what the first case would wait for."""
            self._answers.warm(setup.model, fixed_passages=bool(setup.frozen))

        # The texts are those of the home's own index, also for a run on another one: both hold the same articles.
        return RunContext(self.answerer(setup), judge, facts, scores_basis(setup), self._engine.text, warm)

    @needs(Permission.USE_LAB)
    def drafted(self, most: int, model: str = "") -> "Sequence[Case]":
        """Cases for the user to accept, by rules or written by a model, and tried by quoting; raises ModelError."""
        from bot.evals import drafting

        catalog = self._engine.catalog
        # One after the other, as a library of articles need not fit into memory.
        articles = (article for summary in catalog.articles() if (article := catalog.article(summary.id)) is not None)
        # By quoting, whoever writes the questions: each is tried, and a model would be paid for every one.
        quoting = self._answers.bot("quotes").stream
        if not model or (writer := self._answers.model(model)) is None:
            return drafting.draft_cases(articles, quoting, most)
        prompts, tokens = self._answers.prompts(), self._answers.models.settings(model).max_answer_tokens
        small = writer.is_small(self._settings.small_model)
        prompt = prompts.load("draft-case", prompts.for_small_models("draft-case") if small else "")
        write = partial(_completed, writer, tokens, prompt=prompt)
        return drafting.draft_with_model(articles, prompt, write, quoting, most)

    @open_to_all
    def close(self) -> None:
        """Lets go of what evaluations have opened."""
        self._indexes.close()

    def _state(self, engine: SearchEngine | None = None) -> str:
        """The index as a text that is another one where a search may find something else; "" where there is none."""
        engine = engine or self._engine
        try:
            catalog = engine.catalog
        except IndexMissing:
            return ""
        # Digests of the articles, as two homes with other articles may have the same counts and the same generation.
        known = sorted((id, article.hash) for id, article in catalog.known_articles().items())
        return f"{engine.fingerprint()} · {sha256(repr((known, catalog.manifest())).encode()).hexdigest()[:12]}"


def _completed(model: "Model", most: int, messages: "Sequence[Message]", prompt: "Prompt") -> str:
    """What a model replies to the messages of a prompt, in no more than `most` tokens; raises ModelError."""
    # A prompt may ask for less than the model may write, and never for more.
    limit = min(prompt.settings.max_tokens or most, most)
    return model.complete(messages, max_tokens=limit, temperature=prompt.settings.temperature).text
