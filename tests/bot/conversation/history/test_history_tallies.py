"""What the kept answers come to, and where people and the machine differ."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

import pytest
from making import answer, chat
from sqlalchemy import text, update

from bot.conversation.history import AskedQuestion, History
from bot.conversation.history.schema import turns
from bot.conversation.history.tallies import LATEST
from bot.types import Verdict
from bot.verification.calibration import ReviewedScore


def ask(history: History, question: str, *verdicts: Verdict | None, scores: Sequence[float | None] = ()) -> str:
    """A conversation of one question whose answer has a citation with each of the verdicts and scores; the turn's id."""
    turn = history.begin(history.create(question), AskedQuestion(question))
    (citation,) = answer().citations
    each = zip_longest(verdicts, scores)
    cited = tuple(replace(citation, verdict=verdict, score=score) for verdict, score in each)
    history.save(turn, replace(answer(question), citations=cited))
    return turn


def test_nothing_comes_to_nothing(history: History) -> None:
    found = history.opinions.tally()
    assert (found.answers, found.latest, found.claims, found.citations, found.reviews) == ({}, 0, {}, 0, {})


def test_answers_claims_and_citations_are_counted(history: History) -> None:
    chat(history, "One?", "Two?")
    history.begin(history.create("Three?"), AskedQuestion("Three?"))
    found = history.opinions.tally()
    assert (found.answers, found.latest) == ({"done": 2, "running": 1}, 2)
    assert (found.claims, found.citations, found.undecided) == ({"supported": 2}, 2, 2)


def test_an_answer_that_broke_off_counts_with_what_there_is_of_it(history: History) -> None:
    turn = history.begin(history.create("Why?"), AskedQuestion("Why?"))
    history.save(turn, replace(answer(), status="stopped"))
    assert history.opinions.tally().claims == {"supported": 1}


def test_reviews_and_feedback_are_counted(history: History) -> None:
    turn = ask(history, "Why?", "supported", "quoted", "check", "check")
    history.opinions.review(turn, 0, "accepted")
    history.opinions.review(turn, 1, "rejected")
    history.opinions.review(turn, 2, "none", "To be looked at.")
    history.opinions.rate(turn, "wrong")
    found = history.opinions.tally()
    assert found.reviews == {"accepted": 1, "rejected": 1, "none": 1}
    assert (found.citations, found.undecided, found.feedback) == (4, 2, {"wrong": 1})


@pytest.mark.parametrize(
    ("verdict", "decision", "agreed"),
    [
        ("supported", "accepted", 1),
        ("quoted", "accepted", 1),
        ("supported", "rejected", 0),
        ("number differs", "rejected", 1),
        ("check", "rejected", 1),
        ("not found", "accepted", 0),
    ],
)
def test_a_person_and_the_machine_agree_where_both_say_the_same(
    history: History, verdict: Verdict, decision: str, agreed: int
) -> None:
    history.opinions.review(ask(history, "Why?", verdict), 0, decision)  # type: ignore[arg-type]  # of a parameter
    found = history.opinions.tally()
    assert (found.agreed, found.compared) == (agreed, 1)
    assert len(history.opinions.differing().items) == 1 - agreed


def test_what_one_of_them_says_nothing_of_is_not_compared(history: History) -> None:
    turn = ask(history, "Why?", None, "supported")
    history.opinions.review(turn, 0, "accepted")
    history.opinions.review(turn, 1, "none", "To be looked at.")
    history.opinions.review(turn, 7, "rejected")
    assert history.opinions.tally().compared == 0


def test_deleted_conversations_count_nowhere(history: History) -> None:
    turn = ask(history, "Why?", "supported")
    history.opinions.review(turn, 0, "rejected")
    history.delete(history.turn(turn).conversation)  # type: ignore[union-attr]  # it was just kept
    found = history.opinions.tally()
    assert (found.answers, found.latest, found.reviews, found.compared) == ({}, 0, {}, 0)
    assert (history.opinions.differing().items, history.opinions.subjects()) == ((), ())


def test_a_damaged_answer_spoils_no_tally(history: History) -> None:
    turn = ask(history, "Why?", "supported")
    ask(history, "Who?", "supported")
    history.opinions.review(turn, 0, "accepted")
    with history._database.writing() as connection:  # as a damaged disk would
        connection.execute(update(turns).where(turns.c.id == turn).values(outcome='{"answer": [], "citations": 3}'))
    found = history.opinions.tally()
    assert (found.latest, found.citations, found.compared) == (2, 1, 0)


def test_only_the_latest_answers_are_looked_into(history: History) -> None:
    turn = ask(history, "Why?", "supported")
    with history._database.writing() as connection:  # quicker than asking each
        copied = "id, conversation, parent, depth, status, owner, asked, model, question, outcome"
        chosen = copied.replace("id,", "'c' || n,", 1)
        numbers = "with recursive many(n) as (select 1 union all select n + 1 from many where n < :n)"
        statement = f"insert into turns ({copied}) {numbers} select {chosen} from turns, many where id = :id"
        connection.execute(text(statement), {"n": LATEST + 20, "id": turn})
    found = history.opinions.tally()
    assert (found.answers, found.latest) == ({"done": LATEST + 21}, LATEST)


def test_a_review_comes_with_the_words_that_it_is_about(history: History) -> None:
    turn = ask(history, "Why?", "supported", "check")
    history.opinions.review(turn, 1, "accepted")
    history.opinions.review(turn, 5, "rejected")
    assert {one.citation: one.cited and one.cited.verdict for one in history.opinions.reviews().items} == {1: "check", 5: None}


def test_the_differing_ones_are_paged_or_of_one_conversation(history: History) -> None:
    found = [ask(history, f"Question {n}?", "supported", "check") for n in range(3)]
    for turn in found:
        history.opinions.review(turn, 0, "rejected")
        history.opinions.review(turn, 1, "rejected")
    first, last = history.opinions.differing(limit=2), history.opinions.differing(limit=2, offset=2)
    assert ([len(first.items), len(last.items)], [first.more, last.more]) == ([2, 1], [True, False])
    assert {one.place.turn for one in (*first.items, *last.items)} == set(found)
    conversation = history.turn(found[1]).conversation  # type: ignore[union-attr]  # it was just kept
    assert [one.place.turn for one in history.opinions.differing(conversation=conversation).items] == [found[1]]


def test_the_conversations_that_something_was_said_of_can_be_chosen(history: History) -> None:
    rated, reviewed = ask(history, "Rated?", "quoted"), ask(history, "Reviewed?", "quoted")
    ask(history, "Neither?", "quoted")
    history.opinions.rate(rated, "useful")
    history.opinions.review(reviewed, 0, "accepted")
    assert {one.title for one in history.opinions.subjects()} == {"Rated?", "Reviewed?"}


def test_decisions_on_citations_with_a_score_are_told_with_it(history: History) -> None:
    turn = ask(history, "Why?", "supported", "check", "quoted", scores=(0.8, 0.4, None))
    for at, decision in enumerate(("accepted", "rejected", "accepted")):
        history.opinions.review(turn, at, decision)
    assert set(history.opinions.scores()) == {ReviewedScore(turn, 0.8, True), ReviewedScore(turn, 0.4, False)}


def test_a_note_alone_decides_nothing_about_a_score(history: History) -> None:
    turn = ask(history, "Why?", "supported", scores=(0.8,))
    history.opinions.review(turn, 0, "none", "To be looked at.")
    assert history.opinions.scores() == ()


def test_reviews_in_a_conversation_that_was_deleted_say_nothing_of_scores(history: History) -> None:
    turn = ask(history, "Why?", "supported", scores=(0.8,))
    history.opinions.review(turn, 0, "accepted")
    history.delete(history.conversations().items[0].id)
    assert history.opinions.scores() == ()
