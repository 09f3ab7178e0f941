"""Conversations, turns and branches on a real database of each kind."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from making import Opening, answer, ask, chat

from bot.conversation.history import UNTITLED, AskedQuestion, Conversation, History
from bot.errors import HistoryError
from bot.types import Answer, Claim, Problem
from vectorstore.types import Scope


class Clock:
    """A clock that goes on by a second at each look."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        self.now += 1
        return self.now


def opened(history: History, id: str) -> Conversation:
    found = history.conversation(id)
    assert found is not None
    return found


def shown(history: History, id: str) -> list[str]:
    """The ids of the turns that the conversation shows."""
    return [turn.id for turn in opened(history, id).turns]


def titles(history: History, words: str) -> list[str]:
    """The conversations that hold the words."""
    return [match.head.title for match in history.search(words).items]


def test_a_turn_comes_back_as_it_was(history: History, opening: Opening) -> None:
    asked = AskedQuestion("When?\x00\ud800", "when was it", Scope(("a.txt",), ("A. N.",), "1990", "1999-12"), ("a.txt",))
    conversation = history.create(asked.question)
    turn = history.begin(conversation, asked, model="openai:m")
    history.save(turn, answer())
    history.close()
    (found,) = opened(opening(), conversation).turns
    assert (found.asked, found.answer, found.model) == (asked, answer(), "openai:m")


def test_the_model_that_answered_is_kept(history: History) -> None:
    turn = history.begin(history.create("Why?"), AskedQuestion("Why?"), model="first")
    history.save(turn, answer(model="second"))
    found = history.turn(turn)
    assert found is not None and found.model == "second"


def test_a_failed_turn_keeps_its_text_and_its_trouble(history: History) -> None:
    turn = history.begin(history.create("Why?"), AskedQuestion("Why?"))
    broken = Answer("Why?", text="Half an ans", trouble=Problem("It broke.", "Ask again.", True, True), status="failed")
    history.save(turn, broken)
    found = history.turn(turn)
    assert found is not None and found.answer == broken


def test_what_runs_never_takes_the_place_of_what_has_ended(history: History) -> None:
    turn = history.begin(history.create("Why?"), AskedQuestion("Why?"))
    history.save(turn, Answer("Why?", text="All of it.", status="stopped"))
    history.save(turn, Answer("Why?", text="All", status="running"))
    found = history.turn(turn)
    assert found is not None and (found.answer.status, found.answer.text) == ("stopped", "All of it.")


def test_the_list_is_newest_first_with_titles_times_and_turns(history: History, tmp_path: Path, catalog: str) -> None:
    clock = Clock()
    history = History.open(tmp_path, catalog, clock)
    first, turns = chat(history, "First question?", "More?")
    second, _ = chat(history, "Second question?")
    assert [head.title for head in history.conversations().items] == ["Second question?", "First question?"]
    ask(history, first, "And now?", turns[-1])
    heads = history.conversations().items
    assert [(head.id, head.turns) for head in heads] == [(first, 3), (second, 1)]
    assert heads[0].created < heads[1].created < heads[0].changed <= datetime.fromtimestamp(clock.now, UTC)
    history.close()


def test_the_list_comes_in_pages(history: History) -> None:
    made = [chat(history, f"Question {n}?")[0] for n in range(5)]
    pages = [history.conversations(limit=2, offset=offset) for offset in (0, 2, 4)]
    assert sorted(head.id for page in pages for head in page.items) == sorted(made)
    assert [page.more for page in pages] == [True, True, False]


def test_words_are_found_in_titles_questions_and_answers(history: History) -> None:
    conversation, turns = chat(history, "What is new?")
    history.rename(conversation, "Straßenbau")
    later = ask(history, conversation, "Who built the Ölmühle?", turns[-1], text="It was Anna’s [1]\n  uncle.")
    found = [
        (match.turn, match.excerpt)
        for words in ("STRASSE", "ölmühle", "anna’s [1] UNCLE")
        for match in history.search(words).items
    ]
    assert found == [("", ""), (later, "Who built the Ölmühle?"), (later, "It was Anna’s [1] uncle.")]


@pytest.mark.parametrize("words", ["100%", "a_b", "c\\d", "it's", "50/50", "*"])
def test_words_are_searched_to_the_letter(history: History, words: str) -> None:
    chat(history, f"Is it {words} now?")
    chat(history, "Is it 100 axb cd its 50 and all now?")
    assert titles(history, words) == [f"Is it {words} now?"]


def test_a_search_is_paged_and_leaves_out_what_is_deleted(history: History) -> None:
    made = [chat(history, f"Bridge {n}?")[0] for n in range(4)]
    history.delete(made[0])
    first, second = (history.search("bridge", limit=2, offset=offset) for offset in (0, 2))
    assert {match.head.id for match in (*first.items, *second.items)} == set(made[1:])
    assert (first.more, second.more) == (True, False)


def test_without_words_all_are_found(history: History) -> None:
    chat(history, "Anything?")
    assert titles(history, "  ") == ["Anything?"]


@pytest.mark.parametrize("words", ["nothing of it", "\x00", "\ud800", "x" * 100_000])
def test_words_that_nothing_holds_find_nothing(history: History, words: str) -> None:
    chat(history, "Anything?")
    assert titles(history, words) == []


def test_the_text_of_a_running_answer_is_found(history: History) -> None:
    turn = history.begin(history.create("Why?"), AskedQuestion("Why?"))
    history.save(turn, Answer("Why?", text="It began with", status="running"))
    assert titles(history, "began") == ["Why?"]


def test_a_new_name_stays(history: History) -> None:
    conversation, turns = chat(history, "Why?")
    history.rename(conversation, "  My\nbridge ")
    ask(history, conversation, "And then?", turns[-1])
    assert opened(history, conversation).head.title == "My bridge"


def test_an_empty_name_is_none(history: History) -> None:
    conversation, _ = chat(history, "Why?")
    history.rename(conversation, " \n")
    assert opened(history, conversation).head.title == UNTITLED


def test_a_deleted_conversation_can_be_had_back(history: History) -> None:
    conversation, turns = chat(history, "Why?", "How?")
    history.delete(conversation)
    assert history.conversations().items == ()
    assert opened(history, conversation).head.deleted is not None
    history.restore(conversation)
    assert shown(history, conversation) == turns


def test_what_was_deleted_long_ago_is_forgotten_at_the_next_opening(tmp_path: Path, catalog: str) -> None:
    history = History.open(tmp_path, catalog, Clock())
    old, turns = chat(history, "Old?")
    kept, _ = chat(history, "Kept?")
    history.opinions.rate(turns[0], "wrong")
    history.delete(old)
    history.close()
    later = History.open(tmp_path, catalog, Clock(1_000_000.0 + 8 * 24 * 3600))
    assert (later.conversation(old), later.turn(turns[0])) == (None, None)
    assert later.conversation(kept) is not None
    later.close()


def test_what_was_deleted_just_now_is_not_forgotten(history: History) -> None:
    conversation, _ = chat(history, "Why?")
    history.delete(conversation)
    assert history.purge() == 0
    assert history.purge(0) == 1


def test_an_edited_question_makes_a_branch_and_both_stay(history: History) -> None:
    conversation, (first, second, third) = chat(history, "One?", "Two?", "Three?")
    edited = ask(history, conversation, "Two, edited?", first)
    assert shown(history, conversation) == [first, edited]
    assert opened(history, conversation).branches == {first: (first,), edited: (second, edited)}
    history.show(conversation, second)
    assert shown(history, conversation) == [first, second, third]


def test_an_edited_first_question_makes_a_branch(history: History) -> None:
    conversation, (first, _) = chat(history, "One?", "Two?")
    edited = ask(history, conversation, "One, edited?")
    assert opened(history, conversation).branches == {edited: (first, edited)}


def test_the_branch_that_is_shown_is_remembered(history: History, opening: Opening) -> None:
    conversation, (first, second) = chat(history, "One?", "Two?")
    ask(history, conversation, "Two, edited?", first)
    history.show(conversation, second)
    head = opened(opening(), conversation).head
    assert (head.leaf, head.turns) == (second, 2)


def test_a_turn_is_found_by_its_id_alone(history: History) -> None:
    conversation, turns = chat(history, "One?", "Two?")
    found = history.turn(turns[1])
    assert found is not None and (found.conversation, found.parent) == (conversation, turns[0])


def test_a_turn_may_bring_its_own_id(history: History) -> None:
    conversation = history.create("Why?")
    assert history.begin(conversation, AskedQuestion("Why?"), id="abc123") == "abc123"
    assert shown(history, conversation) == ["abc123"]


def test_what_is_not_there_is_not_found(history: History) -> None:
    assert (history.conversation("nobody"), history.turn("nothing")) == (None, None)


def test_what_is_not_there_cannot_be_changed(history: History) -> None:
    conversation, turns = chat(history, "Why?")
    other, _ = chat(history, "How?")
    for change in (
        lambda: history.rename("nobody", "x"),
        lambda: history.delete("nobody"),
        lambda: history.show(conversation, "nothing"),
        lambda: history.begin("nobody", AskedQuestion("Why?")),
        lambda: history.begin(other, AskedQuestion("Why?"), parent=turns[0]),
        lambda: history.save("nothing", Answer("Why?")),
    ):
        with pytest.raises(HistoryError, match="not kept any more"):
            change()
    assert opened(history, other).head.turns == 1


def test_threads_share_a_history(history: History) -> None:
    conversation, turns = chat(history, "Why?")

    def work(n: int) -> None:
        for _ in range(5):
            turn = history.begin(conversation, AskedQuestion(f"Question {n}?"), parent=turns[0])
            history.save(turn, answer())
            history.search("question")

    threads = [Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    leaf = opened(history, conversation).head.leaf
    assert len(opened(history, conversation).branches[leaf]) == 30


def test_a_damaged_answer_spoils_no_other(history: History) -> None:
    conversation, turns = chat(history, "One?", "Two?")
    with history._database.writing() as connection:
        connection.exec_driver_sql(f"update turns set outcome = 'nonsense' where id = '{turns[0]}'")
    first, second = opened(history, conversation).turns
    assert first.answer.trouble is not None and "cannot be read" in first.answer.trouble.message
    assert second.answer == answer(question="Two?", text="Because. [1]")


def test_an_answer_of_many_claims_comes_back(history: History) -> None:
    claims = tuple(Claim(f"claim {n}", n, n + 7, "check", (n, n)) for n in range(300))
    many = Answer("q", "q", "t", False, 0.1 + 0.2, "model", claims, notes=("Note.",))
    turn = history.begin(history.create("Why?"), AskedQuestion("Why?"))
    history.save(turn, many)
    found = history.turn(turn)
    assert found is not None and found.answer == many
