from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.shown_lines import ShownLine, shown_lines

PIECES = [
    "word",
    " ",
    "\n",
    "\n\n",
    "# ",
    "- ",
    "1. ",
    "> ",
    "| a | b |\n",
    "|---|---|\n",
    "**",
    "*",
    "_",
    "`",
    "```\n",
    "\\",
    "[x](y)",
]
TEXTS = st.lists(
    st.sampled_from([*PIECES, "ADA: ", "JON: ", "日本", "🧊", "---\n", "![i](j)", "[[n|w]]", "~~"]), max_size=30
).map("".join)


def shown(text: str, **options: bool) -> list[tuple[str, str]]:
    """Each line's kind, and its words."""
    return [(line.kind, words(text, line)) for line in shown_lines(text, **options)]


def words(text: str, line: ShownLine) -> str:
    return "".join(text[run.start : run.end] for run in line.runs)


def styled(text: str) -> list[tuple[str, str]]:
    """Each run that has a style, and its words."""
    return [(run.style, text[run.start : run.end]) for line in shown_lines(text) for run in line.runs if run.style]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Ice ##\n\nText.", [("heading", "Ice"), ("text", "Text.")]),
        ("Ice\n===\n\nText.", [("heading", "Ice"), ("text", "Text.")]),
        ("To buy:\n\n- bread\n- milk", [("text", "To buy:"), ("item", "bread"), ("item", "milk")]),
        ("> He said\n> so.", [("quote", "He said\nso.")]),
        ("One.\n\n***\n\nTwo.", [("text", "One."), ("rule", ""), ("text", "Two.")]),
        ("```py\nx = 1\n\ny = 2\n```", [("code", "x = 1\n\ny = 2")]),
        ("~~~\n# a\n```\n# b", [("code", "# a\n```\n# b")]),
        ("Text.\n\n<!-- a note -->\n\nMore.", [("text", "Text."), ("text", "More.")]),
    ],
)
def test_the_marks_of_a_block_are_not_drawn(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text) == expected


def test_a_table_is_cells_without_pipes_and_dashes() -> None:
    text = "| Town | Ships |\n| :--- | ---: |\n| Ner | 12 \\| 3 |\n| Lin | |"
    assert shown(text) == [
        ("header", "Town"),
        ("header", "Ships"),
        ("cell", "Ner"),
        ("cell", "12 | 3"),
        ("cell", "Lin"),
        ("cell", ""),
    ]
    assert [line.row for line in shown_lines(text)] == [1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A **bold** and *soft* word.", [("strong", "bold"), ("em", "soft")]),
        ("__both _of_ them__", [("strong", "both "), ("em", "of"), ("strong", " them")]),
        ("Call `f(**x)` now.", [("code", "f(**x)")]),
        ("2*3*4 and snake_case_name", []),
        (r"\*no\* emphasis", []),
        ("ADA: Come.\n\nJON: No.\n\nADA: Do.\n\nJON: Never.", [("strong", f"{who}:") for who in ("ADA", "JON") * 2]),
    ],
)
def test_what_is_set_apart_has_a_style(text: str, expected: list[tuple[str, str]]) -> None:
    assert styled(text) == expected


def test_the_words_of_a_link_are_shown_and_its_address_is_not() -> None:
    assert shown('See [the act](https://example.org/a_(b) "t") and [[Note|that]].') == [("text", "See the act and that.")]


def test_items_keep_their_signs_and_depths() -> None:
    found = [*shown_lines("- one\n  1. inner\n- [x] done")]
    assert [(line.sign, line.level) for line in found] == [("•", 1), ("1.", 2), ("☑", 1)]


def test_converted_text_has_no_emphasis() -> None:
    text = "Ratings: *** to *****, and a\\b"
    assert shown(text, emphasis=False) == [("text", text)]


def test_plain_text_is_shown_to_the_letter() -> None:
    assert [words for _, words in shown("# 1 of **two**\n\n- a", marks=False)] == ["# 1 of **two**", "- a"]


@given(TEXTS)
def test_runs_are_in_order_and_apart_and_hold_every_word(text: str) -> None:
    lines = [*shown_lines(text)]
    runs = [run for line in lines for run in line.runs]
    assert all(0 <= run.start < run.end <= len(text) for run in runs)
    assert all(one.end <= other.start for one, other in pairwise(runs))
    assert all(line.start <= run.start and run.end <= line.end for line in lines for run in line.runs)
    assert sum("word" in text[run.start : run.end] for run in runs) <= text.count("word")
    assert "".join(words(text, line) for line in lines).count("日本") == text.count("日本")


def links(text: str, *, marks: bool = True, emphasis: bool = True) -> list[tuple[str, str]]:
    lines = shown_lines(text, marks=marks, emphasis=emphasis)
    return [(text[run.start : run.end], run.link) for line in lines for run in line.runs if run.link]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See [the pier](https://coast.example/pier).", [("the pier", "https://coast.example/pier")]),
        (
            'See [**the** pier](https://coast.example/pier "New").',
            [("the", "https://coast.example/pier"), (" pier", "https://coast.example/pier")],
        ),
        ("It is at <https://coast.example/a>.", [("https://coast.example/a", "https://coast.example/a")]),
        ("It is at https://coast.example/a, or not.", [("https://coast.example/a", "https://coast.example/a")]),
        ("(http://coast.example/a_(b))", [("http://coast.example/a_(b)", "http://coast.example/a_(b)")]),
        ("Read [this](javascript:alert(1)) and [that](data:text/html,x) and [it](/pier).", []),
        ("![A pier](https://coast.example/pier.png) stands there.", []),
        ("`https://coast.example/a` is code.", []),
    ],
)
def test_a_link_to_the_web_is_one_and_nothing_else_is(text: str, found: list[tuple[str, str]]) -> None:
    assert links(text) == found


def test_an_address_in_plain_text_is_a_link_and_every_letter_is_shown() -> None:
    text = "See https://coast.example/a. Or [this](https://coast.example/b)."
    (line,) = shown_lines(text, marks=False, emphasis=False)
    assert "".join(text[run.start : run.end] for run in line.runs) == text
    assert [link for _, link in links(text, marks=False, emphasis=False)] == [
        "https://coast.example/a",
        "https://coast.example/b",
    ]
