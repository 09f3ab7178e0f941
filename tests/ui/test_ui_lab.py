"""The state of the prompt lab without a page: the turn, the shared search, the columns and their answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from fake_pages import PASSAGES, FakePages
from fake_rooms import answered

from bot.conversation.history import AskedQuestion
from bot.errors import InputError, PromptError
from bot.resources import prompts_dir
from bot.types import Answer, Event, Problem, Question, Token, Turn
from bot.ui.addresses import Address
from bot.ui.lab.columns import Column, edited, pick_label, picks, setup_of
from bot.ui.lab.state import EMPTY, TRY, LabState, held_still, parsed
from bot.ui.lab.trial import SharedSearch, Trial, start_trial

QUESTION = Question("How long did the ferries stay?")
MODELS = ("quotes", "some-model", "broken-model")


@pytest.fixture
def pages(tmp_path: Path) -> FakePages:
    copytree(prompts_dir(), tmp_path / "prompts")
    return FakePages(name="some-model", others=MODELS, home=tmp_path)


def ended(trial: Trial) -> Trial:
    for one in trial.answers:
        assert one.running is None or one.running.join(10)
    assert not trial.advance()
    return trial


# The turn


def test_a_turn_of_the_chat_comes_with_all_that_it_was_answered_from(pages: FakePages) -> None:
    conversation, first = answered(pages.history(), "What froze?", "supported")
    turn = pages.history().begin(conversation, AskedQuestion("For how long?"), parent=first)
    pages.history().save(turn, Answer("For how long?", "What froze? For how long?", passages=PASSAGES[:2], searched=True))
    held = held_still(pages.history(), Address(conversation, turn))
    assert (held.text, held.searched, held.given) == ("For how long?", "What froze? For how long?", PASSAGES[:2])
    assert [one.role for one in held.history] == ["user", "assistant"]
    assert held.history[0] == Turn("user", "What froze?")


def test_a_turn_in_a_branch_that_is_not_shown_comes_with_its_own_past(pages: FakePages) -> None:
    conversation, first = answered(pages.history(), "What froze?", "supported")
    turn = pages.history().begin(conversation, AskedQuestion("For how long?"), parent=first)
    pages.history().save(turn, Answer("For how long?", "For how long?", passages=PASSAGES, searched=True))
    pages.history().begin(conversation, AskedQuestion("Something else?"))
    assert held_still(pages.history(), Address(conversation, turn)).history[0].text == "What froze?"


def test_a_turn_that_was_never_searched_holds_no_passages_still(pages: FakePages) -> None:
    conversation = pages.history().create("And she?")
    turn = pages.history().begin(conversation, AskedQuestion("And she?"))
    pages.history().save(turn, Answer("And she?", "And she?", "Whom do you mean?"))
    assert held_still(pages.history(), Address(conversation, turn)).given is None


@pytest.mark.parametrize("address", [Address("ab", "cd"), Address("ab")])
def test_a_turn_that_is_not_there_is_said_to_be_gone(pages: FakePages, address: Address) -> None:
    with pytest.raises(InputError, match="not kept any more"):
        held_still(pages.history(), address)


def test_a_turn_of_a_deleted_conversation_is_gone(pages: FakePages) -> None:
    conversation, turn = answered(pages.history(), "What froze?", "supported")
    pages.history().delete(conversation)
    with pytest.raises(InputError, match="not kept any more"):
        held_still(pages.history(), Address(conversation, turn))


def test_a_turn_on_its_way_is_to_be_waited_for(pages: FakePages) -> None:
    conversation = pages.history().create("What froze?")
    turn = pages.history().begin(conversation, AskedQuestion("What froze?"))
    with pytest.raises(InputError, match="still on its way"):
        held_still(pages.history(), Address(conversation, turn))


# The search


def test_passages_are_searched_by_quoting_and_once(pages: FakePages) -> None:
    search = SharedSearch(pages, QUESTION)
    assert search.found() is search.found()
    assert search.found().passages == PASSAGES
    assert [question.model for question in pages.asked] == ["quotes"]


def test_passages_that_are_held_still_are_not_searched(pages: FakePages) -> None:
    found = SharedSearch(pages, replace(QUESTION, searched="ferries", given=PASSAGES[:1])).found()
    assert (found.searched, found.passages, pages.asked) == ("ferries", PASSAGES[:1], [])


class Asking(FakePages):
    """Asks back in the place of a search."""

    def stream(self, question: Question) -> Iterator[Event]:  # noqa: ARG002  # the protocol's name
        yield Token("Whom do you mean?")


def test_a_question_that_is_not_searched_says_what_it_is_answered_with() -> None:
    with pytest.raises(InputError) as caught:
        SharedSearch(Asking(), QUESTION).found()
    assert caught.value.help == "Whom do you mean?"


# Columns


def test_edited_texts_are_picked_beside_the_versions() -> None:
    names = picks(["strict", "terse"], {("answer", "strict"): "text", ("condense", "plain"): "text"})
    assert [pick_label(one, "strict") for one in names] == ["strict, in force", "terse", "strict, edited, not saved"]


def test_a_column_has_its_own_settings(pages: FakePages) -> None:
    setup = setup_of(pages, Column("some-model", "terse", 0.5, 200), {})
    assert (setup.prompt, setup.temperature, setup.max_tokens) == ("answer/terse", 0.5, 200)


def test_a_column_with_nothing_set_is_as_the_version_and_the_settings_say(pages: FakePages) -> None:
    assert setup_of(pages, Column("some-model", "terse"), {}) == pages.setup("some-model", "answer/terse")


def test_an_edited_text_is_sent_with_its_own_temperature(pages: FakePages) -> None:
    text = pages.prompt_files().text("answer", "strict").replace("---\n# system", "temperature: 1.5\n---\n# system")
    setup = setup_of(pages, Column("some-model", edited("strict")), {("answer", "strict"): text})
    assert (setup.prompt_text, setup.temperature) == (text, 1.5)


def test_an_edited_text_with_a_mistake_is_refused_with_its_line(pages: FakePages) -> None:
    with pytest.raises(PromptError, match=r"answer/strict\.md, line 1"):
        setup_of(pages, Column("some-model", edited("strict")), {("answer", "strict"): "nothing"})


def test_an_edited_text_that_was_undone_is_told(pages: FakePages) -> None:
    with pytest.raises(InputError, match="not there any more"):
        setup_of(pages, Column("some-model", edited("strict")), {})


def test_quotations_have_no_settings_of_a_model(pages: FakePages) -> None:
    assert setup_of(pages, Column("quotes", "strict", 1.0, 5), {}) == pages.setup("quotes")


# The answers


def test_all_columns_answer_from_passages_that_were_searched_once(pages: FakePages) -> None:
    columns = [Column("some-model", "strict"), Column("some-model", "terse"), Column("quotes")]
    trial = ended(start_trial(pages, QUESTION, columns, {}))
    assert [one.exchange.answer.status for one in trial.answers] == ["done"] * 3
    assert [(one.given, one.searched) for _, one in pages.answered] == [(PASSAGES, QUESTION.text)] * 3
    assert sorted(setup.prompt for setup, _ in pages.answered) == ["", "answer/strict", "answer/terse"]
    assert len(pages.asked) == 1 + len(columns)


def test_passages_of_the_chat_are_given_to_every_column(pages: FakePages) -> None:
    held = replace(QUESTION, searched="ferries", given=PASSAGES[:2])
    ended(start_trial(pages, held, [Column("some-model"), Column("quotes")], {}))
    assert [(one.given, one.searched) for _, one in pages.answered] == [(PASSAGES[:2], "ferries")] * 2


def test_what_is_wrong_with_one_column_leaves_the_others_alone(pages: FakePages) -> None:
    columns = [Column("broken-model"), Column("quotes"), Column("some-model", "gone")]
    broken, quotes, gone = ended(start_trial(pages, QUESTION, columns, {})).answers
    assert broken.exchange.answer.trouble is not None
    assert broken.exchange.answer.trouble.message == "The server of broken-model cannot be reached."
    assert quotes.exchange.answer.status == "done"
    assert gone.exchange.answer.trouble is not None
    assert "answer/gone.md" in gone.exchange.answer.trouble.message


def test_answers_that_are_let_go_keep_what_there_is(pages: FakePages) -> None:
    pages.delay = 0.05
    trial = start_trial(pages, Question("Slow please"), [Column("quotes"), Column("quotes")], {})
    trial.stop()
    assert [one.exchange.answer.status for one in trial.answers] == ["stopped", "stopped"]
    assert not trial.advance()


# The state


def test_an_edit_is_kept_until_it_is_undone(pages: FakePages) -> None:
    state = LabState(version="strict")
    state.edit("another text")
    assert state.text("the file") == "another text"
    assert state.drafts == {("answer", "strict"): "another text"}
    state.open("answer", "terse")
    assert state.text("the file") == "the file"
    state.open("answer", "strict")
    state.undo()
    assert state.text("the file") == "the file"


def test_a_text_typed_back_to_its_file_is_no_edit() -> None:
    state = LabState(version="strict")
    state.edit("the file")
    assert (state.text("the file"), state.drafts) == ("the file", {})


def test_a_saved_version_is_open_and_not_in_force(pages: FakePages) -> None:
    state, files = LabState(version="strict"), pages.prompt_files()
    text = files.text("answer", "strict").replace("briefly", "shortly")
    state.edit(text)
    state.save(files, text, "short", "Shorter.")
    assert (state.version, state.told, state.drafts) == ("short", "Saved as answer/short. It is not in force yet.", {})
    assert (files.load("answer", "short").message, files.in_force("answer")) == ("Shorter.", "strict")


def test_a_version_is_never_overwritten_and_the_edit_stays(pages: FakePages) -> None:
    state, files = LabState(version="strict"), pages.prompt_files()
    text = files.text("answer", "strict").replace("briefly", "shortly")
    state.edit(text)
    state.save(files, text, "terse", "")
    assert state.fault is not None
    assert "never overwritten" in state.fault.message
    assert state.drafts == {("answer", "strict"): text}


def test_a_prompt_put_in_force_or_back_is_told_with_the_one_before(pages: FakePages) -> None:
    state, files = LabState(version="terse"), pages.prompt_files()
    state.use(files)
    assert state.told == "answer/terse is in force now. Before, answer/strict was."
    state.roll_back(files)
    assert state.told == "Rolled back: answer/strict is in force again. Before, answer/terse was."


def test_a_broken_version_is_not_put_in_force(pages: FakePages) -> None:
    (pages.home / "prompts" / "answer" / "bad.md").write_text("nothing", encoding="utf-8")
    state, files = LabState(version="bad"), pages.prompt_files()
    state.use(files)
    assert state.fault is not None
    assert files.in_force("answer") == "strict"


def test_the_open_version_gives_way_when_it_has_gone(pages: FakePages) -> None:
    state = LabState(version="gone")
    assert state.find_open(pages.prompts()) is not None
    assert state.version == "strict"


def test_coming_from_the_chat_opens_the_section_and_holds_the_turn_still(pages: FakePages) -> None:
    conversation, turn = answered(pages.history(), "What froze?", "supported")
    state = LabState()
    state.arrive(pages, Address(conversation, turn))
    assert (state.section, state.turn.text, state.turn.given) == (TRY, "What froze?", PASSAGES)
    state.anew()
    assert (state.turn.text, state.turn.given) == ("What froze?", None)
    state.leave()
    assert state.turn == Question("")


def test_a_turn_that_cannot_be_had_is_told_and_a_question_can_be_typed(pages: FakePages) -> None:
    state = LabState()
    state.arrive(pages, Address("ab", "cd"))
    assert (state.held, state.section) == (None, TRY)
    assert state.missing is not None


def test_without_a_question_nothing_is_run(pages: FakePages) -> None:
    state = LabState(question=" ", columns=[Column()])
    state.run(pages)
    assert (state.missing, state.trial, pages.asked) == (EMPTY, None, [])


def test_the_search_is_shared_as_long_as_the_turn_stays(pages: FakePages) -> None:
    state = LabState(question="What froze?")
    first = state.searching(pages)
    assert state.searching(pages) is first
    state.question = "What thawed?"
    assert state.searching(pages) is not first


def test_a_mistake_is_told_with_its_line() -> None:
    found = parsed("---\nvariables: [passages]\n---\n# user\n$passages $nothing\n", "answer", "new")
    assert isinstance(found, Problem)
    assert found.message.startswith("prompts/answer/new.md, line 5: the variable $nothing")
