"""Drafts that outlive their process: their sentences, their verdicts, and who may still change them."""

import sqlite3
from pathlib import Path

import pytest
from making import Opening

from bot.conversation.history import History, StoredDraft
from bot.conversation.history.drafts import UNTITLED_DRAFT, draft_title
from bot.errors import HistoryError
from bot.types import Checked, Citation

TEXT = "# The bridge\n\nIt opened in 1931. It is blue."
SPANS = [(14, 32), (33, 44)]


def sentence(at: int) -> Checked:
    start, end = SPANS[at]
    source = Citation(1, "bridge.md", "The bridge", 0, 5, "words", "supported", "A reason.")
    return Checked(TEXT[start:end], start, end, "supported", source, against=source if at else None)


def begun(history: History, id: str = "ab12", *found: Checked | None) -> StoredDraft:
    history.drafts.begin(id, TEXT)
    history.drafts.set_sentences(id, 1, [*zip(SPANS, found or (None, None), strict=True)])
    return opened(history, id)


def opened(history: History, id: str = "ab12") -> StoredDraft:
    found = history.drafts.draft(id)
    assert found is not None
    return found


def test_a_draft_is_there_with_the_verdicts_that_it_has_by_now(history: History) -> None:
    begun(history)
    history.drafts.add("ab12", 1, {1: sentence(1)})
    found = opened(history)
    assert (found.text, found.head.status, found.head.title, found.head.sentences) == (TEXT, "running", "The bridge", 2)
    assert found.sentences == ((SPANS[0], None), (SPANS[1], sentence(1)))


def test_a_check_that_ended_says_how(history: History) -> None:
    begun(history)
    history.drafts.end("ab12", 1, "done")
    assert opened(history).head.status == "done"


def test_another_edition_takes_the_place_of_the_one_before(history: History) -> None:
    begun(history, "ab12", sentence(0), sentence(1))
    history.drafts.begin("ab12", TEXT[:32], 2, [(SPANS[0], sentence(0))])
    found = opened(history)
    assert (found.text, found.edition, found.sentences) == (TEXT[:32], 2, ((SPANS[0], sentence(0)),))


def test_what_belongs_to_an_earlier_edition_is_not_taken(history: History) -> None:
    begun(history)
    history.drafts.begin("ab12", TEXT, 2, [(SPANS[0], None)])
    with pytest.raises(HistoryError, match="another window"):
        history.drafts.add("ab12", 1, {0: sentence(0)})
    with pytest.raises(HistoryError, match="another window"):
        history.drafts.begin("ab12", TEXT, 2)
    history.drafts.end("ab12", 1, "failed")
    assert (opened(history).head.status, opened(history).sentences) == ("running", ((SPANS[0], None),))


def test_what_a_process_that_is_gone_was_checking_is_stopped(history: History, opening: Opening) -> None:
    begun(history)
    history.drafts.add("ab12", 1, {0: sentence(0)})
    other = opening()
    assert opened(other).head.status == "running"
    history.close()
    found = opened(opening())
    assert (found.head.status, found.sentences[0][1]) == ("stopped", sentence(0))


def test_drafts_are_listed_newest_first_and_found_by_their_words(history: History) -> None:
    history.drafts.begin("a1", "The first one states this.")
    history.drafts.begin("b2", "Über die Brücke wird hier gesprochen.")
    assert [one.head.id for one in history.drafts.search().items] == ["b2", "a1"]
    (found,) = history.drafts.search("BRÜCKE wird").items
    assert (found.head.id, found.excerpt) == ("b2", "Über die Brücke wird hier gesprochen.")
    assert history.drafts.search("no such words").items == ()
    assert history.drafts.search("", limit=1).more


def test_a_draft_that_was_renamed_is_found_by_its_new_title(history: History) -> None:
    begun(history)
    history.drafts.rename("ab12", " My  Study ")
    (found,) = history.drafts.search("my study").items
    assert (found.head.title, found.excerpt) == ("My Study", "")
    history.drafts.rename("ab12", " ")
    assert history.drafts.search().items[0].head.title == UNTITLED_DRAFT


def test_a_deleted_draft_can_be_had_back_until_it_is_purged(history: History) -> None:
    begun(history)
    history.drafts.delete("ab12")
    assert (history.drafts.draft("ab12"), history.drafts.search().items) == (None, ())
    history.drafts.restore("ab12")
    assert opened(history).head.sentences == 2
    history.drafts.delete("ab12")
    assert history.purge(older=0) == 1
    with pytest.raises(HistoryError, match="not kept any more"):
        history.drafts.restore("ab12")


def test_a_long_draft_with_odd_characters_comes_back_unchanged(history: History) -> None:
    text = "Ünï 🧊 مرحبا.\n" * 70_000
    history.drafts.begin("ab12", text)
    assert opened(history).text == text
    history.drafts.begin("c3", "One \x00two\ud800 three.")
    assert opened(history, "c3").text == "One \ufffdtwo\ufffd three."


def test_a_sentence_whose_record_is_damaged_counts_as_not_checked(tmp_path: Path) -> None:
    history = History.open(tmp_path)
    begun(history, "ab12", sentence(0), sentence(1))
    with sqlite3.connect(tmp_path / "history.sqlite") as connection:
        connection.execute("update draft_sentences set checked = '{' where number = 0")
    assert [one for _, one in opened(history).sentences] == [None, sentence(1)]
    history.close()


def test_a_history_of_before_there_were_drafts_gets_its_tables(tmp_path: Path) -> None:
    before = History.open(tmp_path)
    conversation = before.create("Why?")
    before.close()
    with sqlite3.connect(tmp_path / "history.sqlite") as connection:
        connection.execute("drop table draft_sentences")
        connection.execute("drop table drafts")
    after = History.open(tmp_path)
    begun(after)
    assert after.conversation(conversation) is not None
    after.close()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# On bridges\n\nThey carry.", "On bridges"),
        ("---\ntitle: X\ndate: 2020\n---\n\nThe bridge, they say, is old.", "The bridge, they say"),
        ("\n\n***\n", UNTITLED_DRAFT),
        ("---\n\nNo front matter here.", "No front matter here"),
    ],
)
def test_the_first_line_of_words_is_the_title(text: str, title: str) -> None:
    assert draft_title(text) == title
