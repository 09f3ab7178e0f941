"""What one browser session has in the lab: the version that is open, edited texts, the turn, the columns, their answers."""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import streamlit as st

from bot.conversation.history import Exchange, History
from bot.errors import FootnoteError, HistoryError, InputError, PromptError
from bot.prompting import Prompt, PromptFolder, PromptListing, parse_prompt
from bot.types import Problem, Question, Turn
from bot.ui.addresses import NOWHERE, Address
from bot.ui.exchange import history
from bot.ui.lab.columns import ANSWER_PROMPT, CONDENSE_PROMPT, JUDGE_PROMPT, TRIED_PROMPTS, Column
from bot.ui.lab.trial import JudgedText, SharedSearch, Trial, start_trial
from bot.ui.words import word
from bot.wiring import Service
from bot.wiring.chat import Chat

_KEY = "footnote-lab"
VERSIONS, TRY, CASES, RUNS = word("lab.versions"), word("lab.try"), word("lab.cases"), word("lab.runs")
SECTIONS = (VERSIONS, TRY, CASES, RUNS)
EMPTY = Problem(word("lab.there_is_no_question_yet"), word("lab.type_one"))
UNJUDGED = Problem(word("lab.there_is_nothing_to_judge"), word("lab.give_an_answer_and_a_criterion"))
GONE = InputError(word("lab.this_turn_is_not_kept"), word("lab.type_a_question_instead"))
EARLY = InputError(word("lab.this_answer_is_still_on"), word("lab.wait_until_it_is_complete"))


@dataclass(slots=True)
class LabState:
    """Mutable on purpose: Streamlit reruns the page around it.

    `drafts` are edited texts that are not saved, by prompt and version. `held` is a turn of the chat, `address` where it is
    kept, `still` whether its passages are held still; without one, `question` is asked, which is None before one is offered.
    `missing` is what stands in the way of a turn. `told` says what was done to the versions, `fault` what could not be, and
    `saving` whether that was to save one. `tried` is the prompt whose versions the columns try: the one that rewrites
    follow-ups with what was asked and answered before, the judge's on what is `judged`.
    """

    section: str = VERSIONS
    name: str = ANSWER_PROMPT
    version: str = ""
    drafts: dict[tuple[str, str], str] = field(default_factory=dict)
    told: str = ""
    fault: Problem | None = None
    saving: bool = False
    question: str | None = None
    held: Question | None = None
    still: bool = True
    address: Address = NOWHERE
    columns: list[Column] = field(default_factory=list)
    trial: Trial | None = None
    missing: Problem | None = None
    search: tuple[Question, SharedSearch] | None = None
    tried: str = ANSWER_PROMPT
    asked_before: str = ""
    answered_before: str = ""
    judged: JudgedText = field(default_factory=JudgedText)

    # Versions

    def open(self, name: str, version: str = "") -> None:
        """Open a version in the editor; "" is the one in force. What is opened is what is tried, where it can be."""
        self.name, self.version, self.told, self.fault = name, version, "", None
        if name in TRIED_PROMPTS:
            self.try_prompt(name)

    def find_open(self, listed: Sequence[PromptListing]) -> PromptListing | None:
        """The prompt that is open, with its version put right where it has gone; None where there are no prompts."""
        found = next((one for one in listed if one.name == self.name), None)
        if found is None:
            return None
        # Prompts are files: another process or an editor may have removed the version since.
        names = [one.version for one in found.versions]
        if self.version not in names:
            self.version = found.in_force if found.in_force in names else next(iter(names), "")
        return found

    def text(self, file: str) -> str:
        """The text of the open version as it is edited, else as its `file` has it; an edit that was undone is none."""
        # Typing a text back to what the file has is no edit any more.
        key = self.name, self.version
        if self.drafts.get(key) == file:
            del self.drafts[key]
        return self.drafts.get(key, file)

    def edit(self, text: str) -> None:
        """Keep what was typed over the open version's text."""
        self.drafts[self.name, self.version] = text
        self.told, self.fault = "", None

    def undo(self) -> None:
        """Let go of what was typed."""
        self.drafts.pop((self.name, self.version), None)
        self.told, self.fault = "", None

    def save(self, files: PromptFolder, text: str, version: str, message: str) -> None:
        """Save a text as a new version of the open prompt, and open that."""

        def saved() -> str:
            """Saves, and says under which name."""
            files.save(self.name, text, version, message)
            self.drafts.pop((self.name, self.version), None)
            # After it was saved: where that fails, the old version and its edit stay open.
            self.version = version
            return word("lab.saved", prompt=self.name, version=version)

        self._do(saved, saving=True)

    def use(self, files: PromptFolder) -> None:
        """Put the open version in force."""

        def used() -> str:
            """Puts it in force, and names the version before."""
            before = files.use(self.name, self.version)
            if not before:
                return word("lab.first_in_force", prompt=self.name, version=self.version)
            return word("lab.now_in_force", prompt=self.name, version=self.version, before=before)

        self._do(used)

    def roll_back(self, files: PromptFolder) -> None:
        """Put that in force which was before."""

        def rolled() -> str:
            """Rolls back, and names both versions."""
            # Asked first, as the roll-back changes it.
            before = files.in_force(self.name)
            now = files.roll_back(self.name)
            return word("lab.rolled_back", prompt=self.name, version=now, before=before)

        self._do(rolled)

    def label(self, files: PromptFolder, label: str, version: str) -> None:
        """Put a label on a version of the open prompt, or take it away with the version ""."""

        def labelled() -> str:
            """Puts the label on or takes it off, and says so."""
            files.label(self.name, version, label)
            if not version:
                return word("lab.label_gone", label=label)
            return word("lab.labelled", label=label, prompt=self.name, version=version)

        self._do(labelled)

    def _do(self, act: Callable[[], str], *, saving: bool = False) -> None:
        self.told, self.fault, self.saving = "", None, saving
        try:
            self.told = act()
        except PromptError as error:
            self.fault = Problem(error.message, error.help)

    # The turn

    def arrive(self, service: Service, address: Address) -> None:
        """Hold the turn still that an address names, and open the section in which prompts are tried on it."""
        # An earlier turn and the answers to it go, before the address of the new one is taken.
        self.leave()
        self.address, self.section = address, TRY
        try:
            self.held = held_still(service.archive.history(), address)
        except FootnoteError as error:
            self.missing = Problem(error.message, error.help)

    def leave(self) -> None:
        """Let go of the turn of the chat: questions are typed again."""
        self.stop()
        self.held, self.still, self.address, self.missing, self.trial = None, True, NOWHERE, None, None

    def anew(self) -> None:
        """Search for the turn's passages anew from now on, or hold those still again that its answer was written from."""
        self.still = not self.still

    @property
    def turn(self) -> Question:
        """What prompts are tried on."""
        if self.held is None:
            return Question((self.question or "").strip(), self._before())
        # Without `given` passages the turn is searched like any other question.
        return self.held if self.still else replace(self.held, given=None)

    def _before(self) -> tuple[Turn, ...]:
        """What was said before a question that is typed; only the prompt that rewrites follow-ups is tried with it."""
        if self.tried != CONDENSE_PROMPT or not self.asked_before.strip():
            return ()
        answer = self.answered_before.strip()
        asked = Turn("user", self.asked_before.strip())
        return (asked, Turn("assistant", answer)) if answer else (asked,)

    def searching(self, chat: Chat) -> SharedSearch:
        """The search for the turn, made once as long as the turn stays as it is."""
        # The editor asks for it with every change of the text, and a search takes longer than the rendering.
        if self.search is None or self.search[0] != self.turn:
            self.search = self.turn, SharedSearch(chat, self.turn)
        return self.search[1]

    # Columns

    def run(self, service: Service) -> None:
        """Answer the turn by all columns; answers that are still on their way are let go."""
        self.stop()
        self.missing = None
        if not self.turn.text:
            self.missing = EMPTY
            return
        if self.tried == JUDGE_PROMPT and not (self.judged.text.strip() and self.judged.criterion.strip()):
            self.missing = UNJUDGED
            return
        # Columns are kept without their prompt, which is one for all of them.
        columns = [replace(one, prompt=self.tried) for one in self.columns]
        self.trial = start_trial(service, self.turn, columns, self.drafts, self.judged)

    def stop(self) -> None:
        """Let go of the answers that are on their way."""
        if self.trial is not None:
            self.trial.stop()

    def set_column(self, at: int, column: Column) -> None:
        """Another setup for a column."""
        self.columns[at] = column

    def try_prompt(self, name: str) -> None:
        """Try another prompt from now on; columns and answers are those of the one before, so they go."""
        if name != self.tried:
            self.stop()
            self.tried, self.columns, self.trial, self.missing = name, [], None, None


def parsed(text: str, name: str, version: str) -> Prompt | Problem:
    """A text as a prompt, or what is wrong with it and in which line."""
    try:
        return parse_prompt(text, name, version)
    except PromptError as error:
        return Problem(error.message, error.help)


def lab_state() -> LabState:
    """The lab's state in this browser session, made on first use."""
    store = cast("MutableMapping[str, LabState]", st.session_state)
    return store.setdefault(_KEY, LabState())


def held_still(kept: History, address: Address) -> Question:
    """A turn of the chat as a question, with what was said before it, what was searched, and the passages of its answer.

    Raises InputError where there is no such turn, or none as yet, and HistoryError where the conversations cannot be read.
    """
    # The address comes from the browser: a turn of another conversation would be shown under this one's name.
    conversation, turn = kept.conversation(address.conversation), kept.turn(address.turn)
    if conversation is None or conversation.head.deleted or turn is None or turn.conversation != address.conversation:
        raise GONE
    # Its passages may not be there yet, and what was said so far is not what will be said.
    if turn.answer.status == "running":
        raise EARLY
    asked, answer = turn.asked, turn.answer
    # None has the turn searched; an empty tuple would hold still that nothing was found.
    given = answer.passages if answer.searched else None
    return Question(asked.question, history(_before(kept, turn)), asked.scope, answer.query or asked.wanted, given=given)


def _before(kept: History, turn: Exchange) -> list[Exchange]:
    """The turns before it, oldest first. A damaged history may lead in a circle: no turn comes twice."""
    found: list[Exchange] = []
    seen = {turn.id}
    while turn.parent and turn.parent not in seen:
        seen.add(turn.parent)
        before = kept.turn(turn.parent)
        if before is None:
            raise HistoryError(word("lab.what_was_said_before"), word("lab.type_the_question_instead"))
        found.append(turn := before)
    return found[::-1]
