"""What changed between two answers: sentences, verdicts, and footnotes that no longer hold."""

from dataclasses import replace

from bot.conversation.answer_changes import (
    BrokenFootnote,
    ChangedVerdict,
    RewordedSentence,
    anchored,
    answer_change,
    broken_footnotes,
    sentences,
)
from bot.types import Answer, Citation, Claim, Verdict

TEXT = "The bridge at Ner opened on 4 May 1931, after two years of work. It carries 12 trains a day, and no cars at all."
OPENED, TRAINS = "The bridge at Ner opened on 4 May 1931", "It carries 12 trains a day"


def quoting(*quotes: str, text: str = TEXT, verdict: Verdict = "quoted") -> Answer:
    """An answer of these quotations, anchored in the text."""
    claims, citations, said = list[Claim](), list[Citation](), ""
    for n, quote in enumerate(quotes, 1):
        claims.append(Claim(quote, len(said), len(said) + len(quote), verdict, (n,)))
        citations.append(
            Citation(n, "bridge.md", "The bridge", text.index(quote), text.index(quote) + len(quote), quote, verdict)
        )
        said += f"{quote} [{n}]\n"
    made = Answer("What of the bridge?", text=said, claims=tuple(claims), citations=tuple(citations))
    return anchored(made, lambda _: text)


def test_the_same_answer_has_no_change() -> None:
    assert not answer_change(quoting(OPENED, TRAINS), quoting(TRAINS, OPENED), lambda _: TEXT)


def test_a_sentence_that_came_is_new_and_one_that_went_is_gone() -> None:
    change = answer_change(quoting(OPENED), quoting(TRAINS), lambda _: TEXT)
    assert (change.new, change.gone, change.reworded) == ((TRAINS,), (OPENED,), ())


def test_a_sentence_of_which_a_number_changed_is_the_same_one_reworded() -> None:
    now = TEXT.replace("12 trains", "40 trains")
    change = answer_change(quoting(TRAINS), quoting("It carries 40 trains a day", text=now), lambda _: now)
    assert change.reworded == (RewordedSentence(TRAINS, "It carries 40 trains a day"),)
    assert (change.new, change.gone) == ((), ())


def test_each_sentence_is_the_other_of_one_pair_alone() -> None:
    now = TEXT.replace("12 trains a day", "40 trains a day. It carries 50 trains a day")
    change = answer_change(
        quoting(TRAINS), quoting("It carries 40 trains a day", "It carries 50 trains a day", text=now), lambda _: now
    )
    assert (len(change.reworded), len(change.new)) == (1, 1)


def test_white_space_is_no_change() -> None:
    other = Answer(claims=(Claim("It carries  12\ntrains a day", 0, 20, "quoted", ()),))
    assert not answer_change(replace(quoting(TRAINS), citations=()), other, lambda _: TEXT)


def test_a_verdict_that_changed_is_told_with_its_sentence() -> None:
    change = answer_change(quoting(TRAINS, verdict="supported"), quoting(TRAINS, verdict="check"), lambda _: TEXT)
    assert change.verdicts == (ChangedVerdict(TRAINS, "supported", "check"),)


def test_an_answer_that_came_to_be_is_told_as_such() -> None:
    change = answer_change(Answer("Why?", text="The articles do not say.", abstained=True), quoting(TRAINS), lambda _: TEXT)
    assert (change.answered, change.new) == ("now", (TRAINS,))


def test_an_answer_that_is_no_more_is_told_as_such() -> None:
    change = answer_change(quoting(TRAINS), Answer("Why?", text="They do not say.", abstained=True), lambda _: TEXT)
    assert (change.answered, change.gone, change.new) == ("no longer", (TRAINS,), ())


def test_a_reply_without_claims_is_compared_line_by_line() -> None:
    before, now = Answer(text="There are 2 articles.\n- The bridge"), Answer(text="There are 3 articles.\n- The bridge")
    change = answer_change(before, now, lambda _: None)
    assert (change.reworded, change.new) == ((RewordedSentence("There are 2 articles.", "There are 3 articles."),), ())


def test_words_that_stand_elsewhere_in_the_article_hold() -> None:
    assert broken_footnotes(quoting(OPENED, TRAINS), lambda _: f"A new beginning. {TEXT}") == ()


def test_a_footnote_whose_words_were_changed_shows_what_stands_there_now() -> None:
    found = broken_footnotes(quoting(TRAINS), lambda _: TEXT.replace("12 trains", "40 trains"))
    start = TEXT.index(TRAINS)
    assert [(one.why, one.quote) for one in found] == [("words changed", TRAINS)]
    assert "40 trains" in found[0].now
    assert quoting(TRAINS).citations[0].start == start


def test_a_footnote_whose_words_are_gone_is_broken() -> None:
    found = broken_footnotes(quoting(TRAINS), lambda _: "Nothing of that is here.")
    assert [(one.n, one.why) for one in found] == [(1, "words gone")]


def test_a_footnote_whose_article_is_gone_is_broken() -> None:
    found = broken_footnotes(quoting(TRAINS), lambda _: None)
    assert found == (BrokenFootnote(1, "bridge.md", "The bridge", TRAINS, "article gone"),)


def test_a_footnote_whose_file_is_gone_is_told_of_while_the_text_is_kept() -> None:
    found = broken_footnotes(quoting(TRAINS), lambda _: TEXT, ["bridge.md"])
    assert [one.why for one in found] == ["file gone"]


def test_a_place_that_is_cited_twice_is_broken_once() -> None:
    assert len(broken_footnotes(quoting(TRAINS, TRAINS), lambda _: None)) == 1


def test_an_answer_that_abstains_says_no_sentence() -> None:
    assert sentences(Answer(text="The articles do not say.", abstained=True)) == {}
