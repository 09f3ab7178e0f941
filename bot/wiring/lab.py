"""What the prompt lab is made of: prompts, setups, and what answers with exactly one of them."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import InputError
from bot.resources import prompts_dir
from bot.types import Passage, Question
from bot.wiring.parts import Parts
from vectorstore.errors import IndexMissing

if TYPE_CHECKING:
    from bot.answering.collection.replies import Collection, ProgramFacts
    from bot.answering.rendering import Rendered
    from bot.evals.records import Case, Result, Score, Setup
    from bot.evals.runner import Answering, Means
    from bot.prompting import Listing, Message, Prompt, Prompts


class Lab(Parts):
    """Evaluations on one home; see `bot.evals`."""

    def prompts(self) -> "Sequence[Listing]":
        """The prompts as their files stand now."""
        return self._prompts.listed()

    def prompt_files(self) -> "Prompts":
        """The folder of the prompts."""
        return self._prompts

    def rendered(self, prompt: "Prompt", question: Question, passages: "Sequence[Passage]") -> "Rendered":
        """A prompt with a turn put in, counted as an answer's is."""
        from bot.answering.rendering import rendered

        return rendered(prompt, question, tuple(passages), self._settings.context_tokens, self._encoder.count_tokens)

    def evals_home(self) -> Path:
        """The folder of the prompt lab: its runs, and the answers that were had."""
        return self._settings.home / "evals"

    def setup(self, model: str = "", prompt: str = "") -> "Setup":
        """What answers are made with now, or with another model, or another version of the prompt; raises InputError."""
        from bot.evals import setups

        writer, version = self._model(model), setups.version_of(prompt)
        if writer is not None:
            text, chosen = self._prompts.text("answer", version), self._prompts.load("answer", version)
            return setups.writing(self._settings, writer.resolve(), chosen, text, self._state())
        if prompt:
            raise InputError(
                "A prompt needs a model, and here answers are made of quotations.",
                "Choose a model with --model or in the settings; without --prompt, quotations are evaluated.",
            )
        return setups.quoting(self._settings, self._state())

    def answerer(self, setup: "Setup") -> "Answering":
        """What answers with exactly this setup; a model that cannot be had is told of here, before anything is asked."""
        from bot.answering.pipeline import Bot, Limits
        from bot.answering.writing import Budget
        from bot.evals.setups import pinned

        writer, settings = None, self._settings
        if self._model(setup.model) is not None:
            prompts = pinned(setup, prompts_dir(settings.prompts))
            budget = Budget(settings.context_tokens, setup.max_tokens)
            # What is measured is the model and its prompt: a source that Footnote finds is no citation of theirs.
            writer = self._writer(setup.model, prompts, budget, measured=True)
        limits = Limits(setup.passages, setup.quotes, settings.abstain_below)
        collection = self._asked_of_collection(setup.model)
        return Bot(self._search, self._summaries, limits, writer, collection=collection, aids=self._aids).stream

    def _asked_of_collection(self, model: str) -> "tuple[Collection, ProgramFacts] | None":
        """What answers questions about the articles as such, as in the chat; None where there is no index."""
        try:
            return self._collection, self._program_facts(model)
        except IndexMissing:
            return None

    def evaluating(self, setup: "Setup") -> "Means":
        """All that a run with this setup is made with; raises what `answerer` does."""
        from bot.evals.basis import basis, judging
        from bot.evals.grounding import supporting
        from bot.evals.metrics import scores
        from bot.evals.runner import Means

        support = supporting(self.verifier(own=False))
        condense = "" if self._model(setup.model) is None else self._prompts.text("condense")
        facts = basis(self._settings, condense)

        def judge(case: "Case", result: "Result") -> "Mapping[str, Score]":
            return scores(case, result, support)

        return Means(
            self.answerer(setup), judge, facts, judging(), self._text, lambda: self._warm(setup.model, bool(setup.frozen))
        )

    def drafted(self, most: int, model: str = "") -> "Sequence[Case]":
        """Cases for the user to accept, by rules or written by a model, and tried by quoting; raises ModelError."""
        from bot.evals import drafting

        # One after the other, as a library of articles need not fit into memory.
        articles = (article for summary in self.articles() if (article := self.article(summary.id)) is not None)
        quoting = self._bot("quotes").stream
        if not model or (writer := self._model(model)) is None:
            return drafting.draft(articles, quoting, most)
        prompt, tokens = self._prompts.load("draft-case"), self._settings.max_answer_tokens

        def write(messages: "Sequence[Message]") -> str:
            limit = min(prompt.settings.max_tokens or tokens, tokens)
            return writer.complete(messages, max_tokens=limit, temperature=prompt.settings.temperature).text

        return drafting.with_model(articles, prompt, write, quoting, most)

    def _state(self) -> str:
        """The index as a text that is another one where a search may find something else; "" where there is none."""
        try:
            catalog = self._index().catalog
        except IndexMissing:
            return ""
        known = sorted((id, digest) for id, (digest, _, _) in catalog.known().items())
        return f"{self.fingerprint()} · {sha256(repr((known, catalog.manifest())).encode()).hexdigest()[:12]}"
