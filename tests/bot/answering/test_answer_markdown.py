"""An answer's Markdown as lines of runs that keep their places: nothing is lost, nothing is markup that should not be."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer_markdown import DrawnLine, answer_lines

PIECES = [
    "word",
    " ",
    "\n",
    "\n\n",
    "# ",
    "- ",
    "  - ",
    "2. ",
    "> ",
    "| a | b \\| c |\n",
    "|---|---|\n",
    "**",
    "*",
    "_",
    "`",
    "```\n",
]
TEXTS = st.lists(
    st.sampled_from([*PIECES, "\\", "[1]", "[x](y)", "<b>", "&amp;", "$x$", "~~", "日本", "🧊", "---\n", "\t", "\r\n", "\0"]),
    max_size=25,
).map("".join)


def words(text: str, line: DrawnLine) -> str:
    return "".join(text[run.start : run.end] for run in line.runs)


def drawn(text: str) -> list[tuple[str, str, str]]:
    """Each line's kind, its sign and its words."""
    return [(line.kind, line.sign, words(text, line)) for line in answer_lines(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\ntwo  \nthree", [("text", "", "One"), ("text", "", "two"), ("text", "", "three")]),
        ("- a\n  b\n\n  c\n- d", [("item", "•", "a"), ("item", "", "b"), ("item", "", "c"), ("item", "•", "d")]),
        ("3. a\n4) b", [("item", "3.", "a"), ("item", "4)", "b")]),
        ("- a\nb", [("item", "•", "a"), ("text", "", "b")]),
        ("|a|\n|-|\n|b|c [1]|", [("header", "", "a"), ("cell", "", "b"), ("cell", "", "c [1]")]),
        ("- ```\n  a\n  ```", [("item", "•", ""), ("code", "", "a")]),
        ("2021.", [("item", "2021.", "")]),
        ("# A #\n## B", [("heading", "", "A"), ("heading", "", "B")]),
        ("a\n---\nb", [("text", "", "a"), ("rule", "", ""), ("text", "", "b")]),
        ("> a\n> b", [("quotation", "", "a"), ("quotation", "", "b")]),
        (
            "| a | `b \\| c` |\n|-|-|\n| | d |",
            [("header", "", "a"), ("header", "", "b | c"), ("cell", "", ""), ("cell", "", "d")],
        ),
        ("- a:\n  ```\n  x[1]\n    y\n  ```\n- b", [("item", "•", "a:"), ("code", "", "x[1]\n  y"), ("item", "•", "b")]),
        ("> \\| a | b |\n|---|---|", [("header", "", "> | a"), ("header", "", "b")]),
        ("- one\n\ttwo", [("item", "•", "one"), ("item", "", "two")]),
        ("one\n\ttwo", [("text", "", "one"), ("text", "", "two")]),
        ("```\na[1]", [("code", "", "a[1]")]),
        ("```\n```", [("code", "", "")]),
        ("[a](b) <i>c</i> ![d](e) &amp; https://f.g", [("text", "", "[a](b) <i>c</i> ![d](e) &amp; https://f.g")]),
    ],
)
def test_what_a_model_writes_is_drawn_as_it_is_meant(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert drawn(text) == expected


@given(TEXTS)
def test_runs_are_in_order_and_hold_the_text_to_the_letter(text: str) -> None:
    for running in (False, True):
        found = answer_lines(text, running=running)
        runs = [run for line in found for run in line.runs]
        assert all(0 <= run.start < run.end <= len(text) for run in runs)
        assert all(one.end <= other.start for one, other in pairwise(runs))
        assert all(one.start <= other.start for one, other in pairwise(found))


@given(TEXTS)
def test_no_word_is_lost_but_the_names_of_languages(text: str) -> None:
    text = text.replace("`", "").replace("~", "")
    shown = "".join(words(text, line) for line in answer_lines(text))
    assert shown.count("日本") == text.count("日本") and shown.count("🧊") == text.count("🧊")


@given(st.text(alphabet="abc ,.()[]1é", max_size=80))
def test_plain_text_is_drawn_unchanged(text: str) -> None:
    text = f"It {text}"
    assert "".join(words(text, line) for line in answer_lines(text)) == text.strip()


def test_a_part_that_was_read_before_is_not_read_again() -> None:
    text = "It was **closed** in 2021 [1]. It reopened.\n\n- one\n- two\n\n" * 600
    answer_lines(text)
    begun = time.perf_counter()
    for _ in range(20):
        answer_lines(text)
    assert time.perf_counter() - begun < 20
