"""What is quoted with a sentence: the header of a row, the whole of a list, what is announced; and what is never quoted."""

import pytest

from bot.answering.extract import extract
from bot.answering.quotations import AROUND, WHOLE
from bot.types import Passage
from vectorstore.splitting.sentences import sentences

POOL = """# The pool

## Prices

All prices are in pounds.

| Ticket | Single | Month |
|---|---|---|
| Adult | 6.40 | 41 |
| Child | 3.20 | 19 |
| Pensioner | 4.80 | 30 |

## What to bring

To swim here you need:

- a towel of your own
- a coin for the locker
- a cap

## Can I eat at the pool?

Yes, on the lawn. Glass stays at home.
"""
TALK = """ANNA BELL: How did you become a keeper?

JAN OLSEN: By accident. I was a cook, and I broke my wrist in 1966.

ANNA BELL: What is to become of the tower?

JAN OLSEN: Anything but a hotel. Let the birds have it.

ANNA BELL: Thank you.
"""


def quoted(question: str, text: str, most: int = 1, start: int = 0, end: int | None = None) -> list[str]:
    """What is quoted for a question from the part of a text that was found, where the index sees no sentence as the better."""
    spans = tuple(span for span in sentences(text) if span[0] >= start and span[1] <= (end or len(text)))
    low, high = spans[0][0], spans[-1][1]
    passage = Passage(1, "a.md", "Title", "", "", low, high, text[low:high], 1.0, {}, spans, (0.5,) * len(spans))
    return [one.text for one in extract(question, "", [passage], most, text_of=lambda _: text).quotations]


def test_a_row_comes_with_its_header() -> None:
    assert quoted("What does a pensioner pay for a month?", POOL) == [
        "| Ticket | Single | Month |",
        "| Pensioner | 4.80 | 30 |",
    ]


def test_the_first_row_and_its_header_are_one_quotation() -> None:
    table = "| Ticket | Single | Month |\n|---|---|---|\n| Adult | 6.40 | 41 |"
    assert quoted("What does an adult pay for a month?", POOL) == [table]


def test_the_header_is_found_where_another_passage_has_it() -> None:
    found = quoted("What does a pensioner pay?", POOL, start=POOL.index("| Child"), end=POOL.index("\n\n## What to"))
    assert found == ["| Ticket | Single | Month |", "| Pensioner | 4.80 | 30 |"]


def test_a_list_that_is_asked_for_is_quoted_whole() -> None:
    whole = "To swim here you need:\n\n- a towel of your own\n- a coin for the locker\n- a cap"
    assert quoted("What do I need to swim here?", POOL) == [whole]


def test_one_item_is_quoted_where_it_is_the_one() -> None:
    assert quoted("Is there a coin for the locker?", POOL) == ["- a coin for the locker"]


def test_a_line_that_asks_is_context_of_the_answer_and_no_answer() -> None:
    assert quoted("Can I eat at the pool?", POOL) == ["Yes, on the lawn."]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How did he become a keeper?", "JAN OLSEN: By accident. I was a cook, and I broke my wrist in 1966."),
        ("What is to become of the tower?", "JAN OLSEN: Anything but a hotel."),
    ],
)
def test_a_speaker_is_quoted_for_what_the_other_one_asked(question: str, wanted: str) -> None:
    assert quoted(question, TALK) == [wanted]


def test_an_announcement_is_quoted_with_what_it_announces() -> None:
    text = "The mayor wants three things for the bridge:\n\n- more light\n- new paint\n\nThe river is wide."
    assert quoted("What does the mayor want for the bridge?", text) == [text[: text.index("\n\nThe river")]]


@pytest.mark.parametrize(
    "line",
    ["# The bridge at Ner", "**Where is the bridge at Ner?**", "[The bridge at Ner](#bridge)", "![The bridge at Ner](ner.png)"],
)
def test_signposts_are_not_quoted(line: str) -> None:
    assert quoted("Where is the bridge at Ner?", f"{line}\n\nIt stands over the river Aa.") == ["It stands over the river Aa."]


def test_an_article_that_has_changed_since_is_not_read() -> None:
    passage = Passage(1, "a.md", "", "", "", 0, 8, "It rains", 1.0, {}, ((0, 8),), (0.5,))
    (only,) = extract("What does it do?", "", [passage], 1, text_of=lambda _: "It snowed").quotations
    assert only.text == "It rains"


RACE = "The writer sees one great difference between the old race and the new one. Nobody agrees on rules today. It rains."


def test_a_sentence_that_repeats_the_question_is_quoted_with_the_next() -> None:
    assert quoted("What is the great difference between the old race and the new one?", RACE) == [RACE[: -len(" It rains.")]]


def test_a_sentence_that_says_something_else_is_quoted_alone() -> None:
    assert quoted("Who sees a difference?", RACE) == [RACE.partition(". ")[0] + "."]


def test_a_section_that_is_asked_for_is_quoted_whole() -> None:
    pieces = "One is red. Two are blue.\n\nThe last is new."
    text = f"The pieces of the set are old.\n\n## The five pieces\n\n{pieces}\n\n## Use\n\nNone."
    assert quoted("List the five pieces.", text) == [pieces]


@pytest.mark.parametrize("before", [1, AROUND, WHOLE], ids=["short", "two parts", "long"])
def test_a_list_far_down_in_a_long_article_is_quoted_as_in_a_short_one(before: int) -> None:
    filler = "\n\n".join(["The bus runs on Mondays."] * (before // 26 + 1))
    text = f"{filler}\n\n{POOL}\n\n{filler}"
    start = len(filler) + 2
    found = quoted("What do I need to bring to the pool?", text, start=start, end=start + len(POOL))
    assert found == quoted("What do I need to bring to the pool?", POOL)
