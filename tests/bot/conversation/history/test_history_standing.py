"""Standing questions that outlive their process: the questions, their answers, and who may add to them."""

import pytest
from making import Opening, answer

from bot.conversation.answer_changes import AnswerChange
from bot.conversation.history import AskedQuestion, History, StandingQuestion
from bot.conversation.history.standing import NEVER_ASKED
from bot.errors import HistoryError
from vectorstore.types import Scope

WHEN = AskedQuestion("When was the bridge opened?", scope=Scope(authors=("Ada Brandt",)), kept=("by Ada Brandt",))
CHANGE = AnswerChange(new=("It was opened in 1933.",))


def added(history: History) -> StandingQuestion:
    return found(history, history.standing.add(WHEN))


def found(history: History, id: str) -> StandingQuestion:
    one = history.standing.question(id)
    assert one is not None
    return one


def test_a_question_is_kept_with_its_scope(history: History, opening: Opening) -> None:
    added(history)
    assert [(one.asked, one.generation, one.last) for one in opening().standing.questions()] == [(WHEN, NEVER_ASKED, None)]


def test_a_question_that_is_kept_already_is_not_kept_twice(history: History) -> None:
    assert added(history).id == added(history).id
    assert len(history.standing.questions()) == 1


def test_the_same_question_to_a_model_is_another(history: History) -> None:
    added(history)
    history.standing.add(WHEN, "quotes")
    assert [one.model for one in history.standing.questions()] == ["", "quotes"]


def test_a_first_answer_is_kept_without_a_change(history: History) -> None:
    history.standing.keep(added(history), answer(), None, 7)
    one = added(history)
    assert (one.generation, one.changes) == (7, 0)
    assert one.last is not None and (one.last.answer, one.last.change) == (answer(), None)


def test_a_change_is_kept_and_the_answers_come_newest_first(history: History) -> None:
    history.standing.keep(added(history), answer(), None, 7)
    history.standing.keep(added(history), answer(text="It was opened in 1933. [1]"), CHANGE, 8)
    one = added(history)
    assert (one.changes, one.generation) == (1, 8)
    assert [told.change for told in history.standing.answers(one.id)] == [CHANGE, None]


def test_an_answer_that_is_still_the_same_is_not_kept_again(history: History) -> None:
    history.standing.keep(added(history), answer(), None, 7)
    history.standing.confirm(added(history), 9)
    one = added(history)
    assert (one.generation, len(history.standing.answers(one.id))) == (9, 1)


def test_of_two_that_ask_at_once_the_first_is_kept(history: History, opening: Opening) -> None:
    before, other = added(history), opening()
    assert other.standing.keep(before, answer(), None, 7)
    assert not history.standing.keep(before, answer(), None, 7)
    assert len(history.standing.answers(before.id)) == 1


def test_a_failure_is_told_until_the_question_can_be_asked(history: History) -> None:
    history.standing.failed(added(history).id, "The model did not answer.")
    assert added(history).failure == "The model did not answer."
    history.standing.keep(added(history), answer(), None, 7)
    assert added(history).failure == ""


def test_a_removed_question_is_gone_and_can_be_had_back(history: History) -> None:
    one = added(history)
    history.standing.keep(one, answer(), None, 7)
    history.standing.remove(one.id)
    assert (history.standing.questions(), history.standing.question(one.id)) == ((), None)
    history.standing.restore(one.id)
    assert found(history, one.id).generation == 7


def test_a_removed_question_that_is_purged_takes_its_answers_along(history: History) -> None:
    one = added(history)
    history.standing.keep(one, answer(), None, 7)
    history.standing.remove(one.id)
    assert history.purge(older=-1) == 1
    assert history.standing.answers(one.id) == ()


def test_a_question_that_is_not_kept_cannot_be_removed(history: History) -> None:
    with pytest.raises(HistoryError, match="not kept any more"):
        history.standing.remove("ab12")


def test_what_went_to_the_model_is_not_kept(history: History) -> None:
    from dataclasses import replace

    from bot.types import Trace

    traced = replace(answer(), trace=Trace("answer/strict", (("system", "Answer."),), "1932"))
    history.standing.keep(added(history), traced, None, 7)
    last = added(history).last
    assert last is not None
    assert last.answer.trace is None
