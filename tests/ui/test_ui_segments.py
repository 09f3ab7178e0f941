import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.segments import Highlight, TextBlock, blocks

TEXTS = st.text(alphabet=st.sampled_from("ab. \n\n🧊日é\u0301ש#-"), max_size=60) | st.text(max_size=60)


def words(found: list[TextBlock], mark: str) -> str:
    return "".join(segment["text"] for block in found for segment in block["segments"] if segment["mark"] == mark)


def bare(text: str) -> str:
    return text.replace("\n", "").replace("\r", "")


def test_only_the_span_is_marked_though_emoji_stand_before_it() -> None:
    text = "🧊🧊 ice, ice, ice"
    assert words(blocks(text, [Highlight((3, 6), "cited", 1)]), "cited") == "ice"


def test_the_cited_words_win_where_marks_overlap() -> None:
    found = blocks("one two three", [Highlight((0, 13), "other", 2), Highlight((4, 7), "cited", 1)])
    assert [(part["text"], part["mark"], part["n"]) for part in found[0]["segments"]] == [
        ("one ", "other", 2),
        ("two", "cited", 1),
        (" three", "other", 2),
    ]


def test_a_mark_runs_on_across_paragraphs() -> None:
    found = blocks("first\n\nsecond", [Highlight((3, 10), "found")])
    assert [segment["text"] for block in found for segment in block["segments"] if segment["mark"]] == ["st", "sec"]


def test_lines_that_were_wrapped_by_hand_stay_one_paragraph() -> None:
    line = "a line of about sixty characters that somebody wrapped by hand"
    assert len(blocks(f"{line}\nand it goes on.\n\nA new one.", [])) == 2


def test_a_list_keeps_its_lines() -> None:
    assert len(blocks("To buy:\n- bread\n- milk\n\nThat is all.", [])) == 4


def test_a_heading_is_told_apart_and_shown_without_its_marks() -> None:
    found = blocks("## The <title> #1\nText.", [])
    assert (found[0]["kind"], found[0]["segments"][0]["text"]) == ("heading", "The <title> #1")


def test_a_highlight_is_exact_without_a_headings_marks() -> None:
    text = "Before.\n\n## Ice\nFerries stayed."
    found = blocks(text, [Highlight((text.index("##"), text.index(" stayed")), "cited", 1)])
    assert [segment["text"] for block in found for segment in block["segments"] if segment["mark"]] == ["Ice", "Ferries"]


@pytest.mark.parametrize("text", ["#1 of ten", "#hashtag", "####### seven", "a # b"])
def test_what_is_no_heading_keeps_every_mark(text: str) -> None:
    assert bare("".join(segment["text"] for block in blocks(text, []) for segment in block["segments"])) == bare(text)


def test_a_plain_text_has_no_headings() -> None:
    found = blocks("# of births", [], plain=True)
    assert (found[0]["kind"], found[0]["segments"][0]["text"]) == ("text", "# of births")


def test_a_long_heading_does_not_run_into_the_wrapped_line_below_it() -> None:
    text = "## A heading that is about as long as a line of the text below\nthat somebody wrapped by hand.\n\nA new one."
    assert [block["kind"] for block in blocks(text, [])] == ["heading", "text", "text"]


@given(TEXTS, st.data())
def test_nothing_but_line_ends_is_lost_and_the_marks_are_exact(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = blocks(text, [Highlight((start, end), "cited", 1)], plain=True)
    whole = "".join(segment["text"] for block in found for segment in block["segments"])
    # Blocks of nothing but white space are left out, and the breaks between blocks.
    assert "".join(whole.split()) == "".join(text.split())
    assert "".join(words(found, "cited").split()) == "".join(text[start:end].split())


@given(TEXTS, st.data())
def test_the_marks_of_markdown_are_left_out_and_no_word_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = blocks(text, [Highlight((start, end), "cited", 1)])
    whole = "".join(segment["text"] for block in found for segment in block["segments"])
    assert [character for character in whole if character.isalnum()] == [character for character in text if character.isalnum()]
    assert [character for character in words(found, "cited") if character.isalnum()] == [
        character for character in text[start:end] if character.isalnum()
    ]
