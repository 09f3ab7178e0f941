"""What belongs together in a pack: claims, footnotes, markers, passages."""

from dataclasses import replace
from datetime import UTC, datetime

from packs import TEXT, WHEN, attributed, cited, full, item, pack, passage, quoted, written

from bot.answering.cited import PlacedCitation, markers
from bot.conversation.history import AskedQuestion, Conversation, ConversationHead, Exchange, Review
from bot.export import as_csv, as_html, as_markdown, pack_of
from bot.export.pack import facts, nearest, quoted_lines, state, tallies
from bot.types import Answer, Problem, SecondOpinion, Trace


def marked(answer: Answer) -> list[tuple[str, int]]:
    """What stands before each marker, and its citation's place."""
    return [(answer.text[:start][-5:], i) for start, _, i in markers(answer)]


def turn(id: str, answer: Answer) -> Exchange:
    return Exchange(id, AskedQuestion(f"{id}?", kept=("a.txt",)), answer, at=WHEN)


def test_every_form_says_of_a_source_that_the_answer_did_not_give_it() -> None:
    made = pack(item("Who?", attributed()))
    assert tallies(made) == ["1 of 1 claim supported, 1 of them by a source that Footnote found."]
    said = "The model gave no source for this sentence; Footnote found this one."
    assert said in as_html(made) and said in as_markdown(made)
    assert "found by Footnote" in as_csv(made)


def test_every_form_tells_a_second_opinion() -> None:
    answer = attributed()
    claim = replace(answer.claims[0], verdict="check", opinion=SecondOpinion("no", "openai:m", margin=-1.5))
    made = pack(item("Who?", replace(answer, claims=(claim,))))
    said = "Second opinion: the model does not find this in the passage."
    assert all(said in form(made) for form in (as_html, as_markdown, as_csv))


def test_each_marker_has_its_own_citation() -> None:
    assert marked(written()) == [("1932 ", 0), ("ars. ", 1), ("s. [1]"[-5:], 2), ("ere. ", 3)]


def test_a_number_inside_a_quotation_is_no_marker() -> None:
    assert marked(quoted()) == [("work. "[-5:], 0), ("day. "[-5:], 1)]


def test_the_lines_of_a_quotation_make_up_its_passage() -> None:
    quote = "after four years of work"
    (line,) = quoted_lines(PlacedCitation(0, cited(quote), passage()))
    assert line.text == TEXT
    assert [piece.text for piece in line.pieces if piece.within] == [quote]


def test_words_that_do_not_stand_there_have_no_surroundings() -> None:
    quote = "after four years of work"
    for found in (passage(), None):
        lines = quoted_lines(PlacedCitation(0, replace(cited(quote), start=100), found))
        assert [line.text for line in lines] == [quote]


def test_only_silence_shows_the_nearest_passages() -> None:
    assert nearest(written()) == ()
    assert nearest(replace(written(), abstained=True)) == (passage(),)


def test_claims_and_reviews_are_counted() -> None:
    assert tallies(full()) == ["2 of 6 claims supported.", "1 of 7 citations accepted, 1 rejected by review."]


def test_what_is_not_known_is_no_fact() -> None:
    told = facts(replace(full(), index="", program="", items=()))
    assert [name for name, _ in told] == ["Exported"]


def test_a_conversation_becomes_a_pack() -> None:
    done = turn("one", replace(written(), trace=Trace("answer/strict", (("user", "When?"),))))
    broken = Problem("It broke.", "Help.")
    stopped = turn("two", Answer("two?", text="It was", notes=("N.",), mode="model", trouble=broken, status="stopped"))
    review = Review("accepted", "", "Ann", WHEN)
    head = ConversationHead("c", "Title", WHEN, WHEN, 2, "two")
    conversation = Conversation(head, (done, stopped), {}, {}, {"one": {0: review}})
    made = pack_of(conversation, datetime(2026, 1, 1, tzinfo=UTC), index="print")
    assert (made.title, made.index) == ("Title", "print")
    assert [(item.question, item.prompt, dict(item.reviews)) for item in made.items] == [
        ("one?", "answer/strict", {0: review}),
        ("two?", "", {}),
    ]
    assert (made.items[1].answer.text, made.items[1].answer.notes, state(made.items[1])) == ("It was", ("N.",), ["It broke."])


def test_quotations_are_written_with_no_prompt() -> None:
    conversation = Conversation(ConversationHead("c", "T", WHEN, WHEN, 1, "one"), (turn("one", quoted()),), {})
    assert pack_of(conversation, WHEN).items[0].prompt == ""
