"""What is kept belongs to whoever began it: nobody else sees, changes or rates it, and a link opens one conversation alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from making import Opening, answer, ask, chat
from sqlalchemy import select

from bot.conversation.history import AskedQuestion, History
from bot.conversation.history.schema import shared_links
from bot.errors import HistoryError

ADA, BEN = "ada@example.org", "ben@example.org"


def titles(history: History) -> list[str]:
    return [head.title for head in history.conversations().items]


def test_each_person_lists_their_own_conversations(history: History) -> None:
    chat(history, "Local?")
    ada, ben = history.owned_by(ADA), history.owned_by(BEN)
    chat(ada, "Ada asks?")
    chat(ben, "Ben asks?")
    assert (titles(history), titles(ada), titles(ben)) == (["Local?"], ["Ada asks?"], ["Ben asks?"])
    assert [found.head.title for found in ben.search("asks").items] == ["Ben asks?"]


def test_an_admin_sees_what_the_owner_of_the_machine_kept(history: History) -> None:
    chat(history, "Local?")
    admin = history.owned_by(ADA, "")
    chat(admin, "Mine?")
    assert sorted(titles(admin)) == ["Local?", "Mine?"]
    assert titles(history) == ["Local?"]


def test_another_persons_conversation_is_not_there(history: History) -> None:
    conversation, (turn,) = chat(history.owned_by(ADA), "Why?")
    ben = history.owned_by(BEN)
    assert ben.conversation(conversation) is None
    assert ben.turn(turn) is None
    assert ben.opinions.subjects() == ()


def test_another_persons_conversation_cannot_be_changed(history: History) -> None:
    ada, ben = history.owned_by(ADA), history.owned_by(BEN)
    conversation, (turn,) = chat(ada, "Why?")
    ada.opinions.rate(turn, "useful")
    ada.opinions.review(turn, 0, "accepted")
    for act in (
        lambda: ben.rename(conversation, "Taken"),
        lambda: ben.delete(conversation),
        lambda: ben.show(conversation, turn),
        lambda: ben.begin(conversation, AskedQuestion("More?"), parent=turn),
        lambda: ben.save(turn, answer(text="Something else.")),
        lambda: ben.opinions.rate(turn, "wrong"),
        lambda: ben.opinions.review(turn, 0, "rejected"),
        lambda: ben.shared.make(conversation),
    ):
        with pytest.raises(HistoryError):
            act()
    ben.opinions.rate(turn, None)
    ben.opinions.review(turn, 0, "none")
    found = ada.conversation(conversation)
    assert found is not None
    assert (found.head.title, found.turns[0].answer.text) == ("Why?", "Because. [1]")
    assert (found.feedback[turn].verdict, found.reviews[turn][0].decision) == ("useful", "accepted")


def test_reviews_and_feedback_are_counted_for_their_owner(history: History) -> None:
    ada, ben = history.owned_by(ADA), history.owned_by(BEN)
    _, (turn,) = chat(ada, "Why?")
    ada.opinions.rate(turn, "useful")
    ada.opinions.review(turn, 0, "accepted")
    told = [(len(one.opinions.ratings().items), len(one.opinions.reviews().items)) for one in (ada, ben)]
    assert told == [(1, 1), (0, 0)]
    assert (ada.opinions.tally().answers, ben.opinions.tally().answers) == ({"done": 1}, {})
    assert ben.opinions.differing().items == ()
    assert len(history.of_everybody().opinions.ratings().items) == 1


def test_drafts_belong_to_their_owner(history: History) -> None:
    ada, ben = history.owned_by(ADA).drafts, history.owned_by(BEN).drafts
    ada.begin("d1", "The bridge was opened in 1932.")
    assert ben.draft("d1") is None and ben.search().items == ()
    for act in (
        lambda: ben.begin("d1", "Mine.", 2),
        lambda: ben.set_sentences("d1", 1, []),
        lambda: ben.add("d1", 1, {}),
        lambda: ben.rename("d1", "Taken"),
        lambda: ben.delete("d1"),
    ):
        with pytest.raises(HistoryError):
            act()
    ben.end("d1", 1, "stopped")
    found = ada.draft("d1")
    assert found is not None and found.head.status == "running"


def test_standing_questions_belong_to_their_owner(history: History) -> None:
    ada, ben = history.owned_by(ADA).standing, history.owned_by(BEN).standing
    id = ada.add(AskedQuestion("Why?"))
    assert ben.add(AskedQuestion("Why?")) != id
    assert (ben.question(id), ben.answers(id), len(ben.questions())) == (None, (), 1)
    with pytest.raises(HistoryError):
        ben.remove(id)
    assert sorted(one.person for one in history.of_everybody().standing.questions()) == [ADA, BEN]


# Links


def test_a_link_shows_others_one_conversation_to_read(history: History) -> None:
    ada = history.owned_by(ADA)
    conversation, (turn,) = chat(ada, "Why?")
    ada.opinions.rate(turn, "wrong", "A note of mine.")
    token = ada.shared.make(conversation)
    found = history.owned_by(BEN).shared.opened(token)
    assert found is not None
    assert [one.answer.text for one in found.turns] == ["Because. [1]"]
    assert (found.feedback, found.reviews) == ({}, {})
    assert ada.shared.made_at(conversation) is not None and history.owned_by(BEN).shared.made_at(conversation) is None


def test_a_withdrawn_link_leads_nowhere_at_once(history: History) -> None:
    conversation, _ = chat(history, "Why?")
    token = history.shared.make(conversation)
    history.owned_by(BEN).shared.withdraw(conversation)
    assert history.shared.opened(token) is not None
    history.shared.withdraw(conversation)
    assert history.shared.opened(token) is None and history.shared.made_at(conversation) is None


def test_a_new_link_withdraws_the_one_before(history: History) -> None:
    conversation, _ = chat(history, "Why?")
    first, second = history.shared.make(conversation), history.shared.make(conversation)
    assert history.shared.opened(first) is None and history.shared.opened(second) is not None


def test_the_link_of_a_deleted_conversation_leads_nowhere(history: History) -> None:
    conversation, _ = chat(history, "Why?")
    token = history.shared.make(conversation)
    history.delete(conversation)
    assert history.shared.opened(token) is None
    history.purge(older=-1)
    assert history.shared.opened(token) is None


def test_a_token_is_kept_as_its_digest_alone(history: History) -> None:
    conversation, _ = chat(history, "Why?")
    token = history.shared.make(conversation)
    with history._database.reading() as connection:
        (row,) = connection.execute(select(shared_links)).all()
    assert token not in str(row) and len(row.token_hash) == 64
    assert history.shared.opened(row.token_hash) is None


@pytest.mark.parametrize("token", ["", "x", "ü" * 1000, "\udc80", "%", "'; --"])
def test_what_is_no_token_leads_nowhere(history: History, token: str) -> None:
    history.shared.make(chat(history, "Why?")[0])
    assert history.shared.opened(token) is None


# Format 1


def as_format_1(file: Path) -> None:
    """Takes back what format 2 has added."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for name in ("conversations", "drafts", "standing_questions"):
            connection.execute(f"alter table {name} drop column person")
        connection.execute("drop table shared_links")
        connection.execute("update history_format set number = 1")


def test_a_history_without_owners_is_the_machine_owners(tmp_path: Path) -> None:
    before = History.open(tmp_path)
    conversation, _ = chat(before, "Why?")
    before.drafts.begin("d1", "A draft.")
    before.standing.add(AskedQuestion("Again?"))
    before.close()
    as_format_1(tmp_path / "history.sqlite")

    history = History.open(tmp_path)
    ask(history, conversation, "And then?", "")
    assert titles(history) == ["Why?"] and titles(history.owned_by(ADA)) == []
    assert titles(history.owned_by(ADA, "")) == ["Why?"]
    assert (len(history.drafts.search().items), len(history.standing.questions())) == (1, 1)
    assert history.shared.make(conversation)
    history.close()


def test_a_copy_is_kept_before_a_history_is_changed(tmp_path: Path) -> None:
    before = History.open(tmp_path)
    chat(before, "Why?")
    before.close()
    as_format_1(tmp_path / "history.sqlite")
    History.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "history-format-1.sqlite")) as copy:
        assert copy.execute("select number from history_format").fetchone() == (1,)
        assert copy.execute("select title from conversations").fetchall() == [("Why?",)]


def test_the_same_history_is_opened_with_its_owners_again(opening: Opening) -> None:
    chat(opening().owned_by(ADA), "Why?")
    assert titles(opening().owned_by(ADA)) == ["Why?"]
