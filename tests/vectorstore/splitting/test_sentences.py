"""Sentences and paragraphs: what ends one, and what only looks as if it did."""

import pytest

from vectorstore.splitting.sentences import ends_sentence, is_heading, paragraphs, part_around, sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


WHOLE = [
    "On Jan. 7, ministers of both countries met.",
    "On Dec. 23 last year, 127 leaders signed the letter.",
    "The U.S. Army left the U.K. in 1946.",
    "He lives in the U.S. and works in Washington, D.C. for the state.",
    "No. 1 on the list is No. 7 of last year.",
    "J. K. Rowling and J.R.R. Tolkien were read by George W. Bush.",
    "The train left at 5 p.m. Tuesday and came at 3 a.m. EST the next day.",
    "It rose by 3.5 percent to $1.25 million, about .5 more.",
    "Gen. Mark Brown met Sen. Ann Lee, Rep. John Doe and Lt. Col. Jones.",
    "Dr. Smith, Mr. and Mrs. Jones and Prof. Lee came to St. Louis.",
    "See Fig. 3, pp. 12-14, Vol. 2, Ch. 4, Sec. 5 and Art. 6.",
    "Apple Inc. said so, and Ford Motor Co. agreed.",
    "Jeopardy! is a show on television.",
    "“No.” he said.",
    "“It is hard work.” Musk said.",
    "“Burning the midnight oil all night,” and “… doing the hard work.” Musk said.",
    "“他来了。”他说。",
    "「行く。」と言った。",
    "1. The first thing to do.",
    "Use apples, pears, etc. for the cake.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_one_sentence_stays_whole(text: str) -> None:
    assert cut(text) == [text]


SEVERAL = [
    ["It began on Dec. 23 last year.", "It ended on Jan. 7.", "Nobody knew."],
    ['He said "It works. Really."', "Then he left."],
    ["“They’ll go.”", "He left."],
    ["He lives in the U.S.", "He likes it."],
    ["It was 5 p.m.", "The train left."],
    ["今天很好。", "明天呢？", "走吧！"],
    ["What?!", "No...", "Wait."],
    ["“Really?” she asked.", "“Yes,” he said."],
    ["كيف حالك؟", "بخير اليوم."],
    ["😀 Hi there.", "𝔸 e\u0301 went home.", "End."],
    ["1. First thing.", "2. Second thing."],
]


@pytest.mark.parametrize("parts", SEVERAL, ids=lambda parts: parts[0])
def test_several_sentences_are_told_apart(parts: list[str]) -> None:
    assert "".join(cut(" ".join(parts))) == "".join(parts)
    assert cut(" ".join(parts)) == parts


def test_a_long_quotation_is_parted_inside_and_keeps_its_quotes() -> None:
    parts = [f"This is sentence number {n} of a long speech about very little." for n in range(10)]
    found = cut("She spoke. “" + " ".join(parts) + "” He slept.")
    assert found == ["She spoke.", "“" + parts[0], *parts[1:-1], parts[-1] + "”", "He slept."]


def test_a_quotation_that_the_source_breaks_off_opens_its_own_sentence() -> None:
    text = "“We have a great many people who work very hard in the factory and believe in it,” the owner said on Tuesday. " * 4
    assert cut(text + "“And they will be burning the midnight")[-1] == "“And they will be burning the midnight"


def blocks(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(text)]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The harbour was built in the years after the war, when the town had\n"
        "Little money and fewer ships. It was widened twice, the second time\n"
        "in 1962. Nobody has counted the boats since then, but the fishermen\n"
        "say that there are more of them than there are fish."
    )
    assert blocks(text) == [text]


def test_each_long_line_is_a_paragraph() -> None:
    lines = ["The ministry said on Monday that the bridge would be closed for repairs until the end of next year. " * 2] * 3
    assert blocks("\n".join(lines)) == [line.strip() for line in lines]


def test_a_long_line_that_breaks_off_is_a_paragraph() -> None:
    cut_off = (
        "The ministry said on Monday that the bridge would be closed for repairs until the end of the year, and that the two"
    )
    text = f"{cut_off} {cut_off}\nThen something else came up."
    assert blocks(text) == [f"{cut_off} {cut_off}", "Then something else came up."]


def test_list_items_and_headings_stand_alone() -> None:
    text = "# Tools\nWhat you need:\n- a saw\n- a hammer\n1. Cut it.\n2) Nail it."
    assert cut(text) == ["# Tools", "What you need:", "- a saw", "- a hammer", "1. Cut it.", "2) Nail it."]


def test_an_underlined_heading_keeps_its_line() -> None:
    assert blocks("The plan\n========\nIt is simple.") == ["The plan\n========", "It is simple."]


def test_verse_is_not_cut_in_mid_sentence() -> None:
    text = "I walked beside the empty mill\nWhere water ran, and running, sang,\nAnd over hill,\nThe bells of evening rang."
    assert cut(text) == [text]


@pytest.mark.parametrize("text", ["Done.", "Done.”", "Really?)", "走。", "It was.[12]", "Well…", "*Yes!*"])
def test_sentences_end_with_their_marks(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["serious challenge to", "as follows:", "first,", ""])
def test_other_text_ends_no_sentence(text: str) -> None:
    assert not ends_sentence(text)


@pytest.mark.parametrize("text", ["## How it works", "The plan", "Why we went", "1989 in brief"])
def test_headings_are_known(text: str) -> None:
    assert is_heading(text)


@pytest.mark.parametrize("text", ["It works.", "- an item", "first,", "----", "word " * 20])
def test_other_lines_are_no_headings(text: str) -> None:
    assert not is_heading(text)


def test_the_part_around_a_place_has_whole_paragraphs_on_both_sides() -> None:
    text = "\n\n".join(f"Paragraph {n} is about rain." for n in range(1000))
    start, end = part_around(text, 14_000, 14_020, 500)
    assert 500 <= 14_000 - start <= 2_000 and 500 <= end - 14_020 <= 2_000
    assert text[start:].startswith("Paragraph") and text[:end].endswith("rain.\n\n")


def test_places_near_each_other_have_the_same_part_around() -> None:
    text = "\n\n".join(f"Paragraph {n} is about rain." for n in range(1000))
    assert part_around(text, 14_000, 14_020, 500) == part_around(text, 14_300, 14_400, 500)


@pytest.mark.parametrize("text", ["rain " * 2000, "rain\n" * 2000], ids=["one line", "no blank line"])
def test_a_text_without_blank_lines_has_parts_too(text: str) -> None:
    start, end = part_around(text, 5_000, 5_010, 500)
    assert 0 < start <= 4_500 and 5_510 <= end < len(text)


def test_a_short_text_is_one_part() -> None:
    assert part_around("It rained.\n\nIt froze.", 12, 21, 500) == (0, 21)


@pytest.mark.parametrize(("whole", "parted"), [(6_000, False), (5_999, True)])
def test_a_text_that_may_be_read_whole_is_one_part(whole: int, parted: bool) -> None:
    assert (part_around("rain\n\n" * 1_000, 3_000, 3_004, 500, whole) != (0, 6_000)) == parted
