"""A model's text in pieces: markers whole and in one shape, code to the letter, no address let out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer_draft import AnswerDraft
from bot.answering.markers import Literal, Marker, Markers, RemovedLink
from bot.types import Passage
from tests.bot.answering.marked import GIVEN, passage
from tests.bot.answering.marked import parts as parts_of

ADDRESS = (passage(1, "A", "", "https://mine.test/a"),)


def shown(*pieces: str, given: tuple[Passage, ...] = ()) -> str:
    draft = AnswerDraft()
    return "".join(draft.add(part) for part in parts_of(*pieces, given=given) if not isinstance(part, RemovedLink))


def numbers(text: str, given: tuple[Passage, ...] = ()) -> list[int]:
    return [part.n for part in parts_of(text, given=given) if isinstance(part, Marker)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was [1].", [1]),
        ("It was [1, 3].", [1, 3]),
        ("It was [1][3].", [1, 3]),
        ("It was [1; 3 and 4].", [1, 3, 4]),
        ("It was [2-4].", [2, 3, 4]),
        ("It was [2–4, 7].", [2, 3, 4, 7]),
        ("It was 【2】.", [2]),
        ("It was 【2†source】.", [2]),
        ("它在［3］。", [3]),
        ("它在［１，２］。", [1, 2]),
        ("It was [^2].", [2]),
        ("It was [passage 2].", [2]),
        ("It was [Passages 1, 2].", [1, 2]),
        ("It was [Source: 4].", [4]),
        ("It was [99].", [99]),
    ],
)
def test_every_shape_of_a_marker_is_understood(text: str, expected: list[int]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "text", ["It was [sic].", "In [2019] it was.", "an array[i]", "[1.5]", "[]", "[1", "1]", "[a, 1]", "[ ]"]
)
def test_other_brackets_stay_as_they_are(text: str) -> None:
    assert shown(text) == text and not numbers(text)


def test_a_range_that_no_answer_can_mean_is_its_two_ends() -> None:
    assert numbers("See [1-999].") == [1, 999]


def test_markers_are_given_on_in_one_shape() -> None:
    assert shown("A 【1†x】 and［2］ and [3, 4].") == "A [1] and[2] and [3][4]."


def test_half_a_marker_is_never_let_through() -> None:
    markers = Markers()
    assert [part for piece in ("It was", " ", "[", "1", "2", "]") for part in markers.feed(piece)] == ["It was"]
    assert list(markers.feed(".")) == [" ", Marker(12), "."]


@given(st.text(alphabet="ab .[]()!1230-,【】<>/\n", max_size=60), st.integers(1, 7))
def test_the_text_is_the_same_however_it_is_cut(text: str, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert shown(*pieces) == shown(text)


@given(st.text(max_size=80))
def test_text_without_brackets_passes_unchanged_but_for_final_blanks(text: str) -> None:
    plain = "".join(letter for letter in text if letter not in "[]【】［］!<")
    assert shown(plain) == plain.rstrip(" ")


def test_the_marker_of_an_abstention_is_not_shown() -> None:
    assert shown("They do not say it [0].") == "They do not say it."


@pytest.mark.parametrize(
    ("text", "left", "address"),
    [
        ("See [the page](http://evil.test/?q=secret).", "See the page.", "http://evil.test/?q=secret"),
        ("![chart](https://evil.test/a.png) here", "chart here", "https://evil.test/a.png"),
        ("![](https://evil.test/a.png)", "", "https://evil.test/a.png"),
        ("[a](javascript:alert(1)) b", "a b", "javascript:alert(1)"),
        ('[a](http://evil.test "a title")', "a", "http://evil.test"),
        ("[1](http://evil.test) b", "[1] b", "http://evil.test"),
        ("[![x](https://evil.test/a.png)](https://evil.test/b)", "[x]", "https://evil.test/b"),
        ("[a [b] c](https://evil.test/b)", "[a [b] c]", "https://evil.test/b"),
        ('a <img src="http://evil.test/?q=1"> b', "a  b", 'src="http://evil.test/?q=1"'),
        ("<a href=http://evil.test>here</a>.", "here.", "href=http://evil.test"),
        ("[see <img src=http://evil.test>]", "[see ]", "src=http://evil.test"),
        ("【<img src=http://evil.test>】", "【】", "src=http://evil.test"),
        ("[<img src=http://evil.test>](http://evil.test/b)", "[]", "src=http://evil.test"),
        ("\\<img src=http://evil.test>", "\\", "src=http://evil.test"),
        ("<img\nsrc=http://evil.test>", "", "src=http://evil.test"),
        ("<b onclick=go()>bold</b>", "bold</b>", "onclick=go()"),
    ],
)
def test_links_and_images_lose_their_address(text: str, left: str, address: str) -> None:
    assert shown(text) == shown(*text) == left
    assert RemovedLink(address) in parts_of(text)


@pytest.mark.parametrize(("text", "left"), [("if x <a then", "if x < a then"), ('<img alt="<" src=x>', '< img alt="<" src=x>')])
def test_a_tag_that_is_never_closed_is_one_no_more(text: str, left: str) -> None:
    assert shown(text) == shown(*text) == left


def test_a_bracket_at_the_end_of_a_line_is_the_same_however_it_is_cut() -> None:
    assert shown("a <\nb") == shown("a <", "\n", "b") == "a <\nb"


def test_the_address_of_an_article_may_stay_as_text() -> None:
    text = "See [the page](https://mine.test/a)."
    assert shown(text, given=ADDRESS) == "See the page (https://mine.test/a)."


def test_an_image_is_never_kept_even_of_an_article_s_address() -> None:
    assert shown("![x](https://mine.test/a)", given=ADDRESS) == "x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was closed [ID:1].", "It was closed [1]."),
        ("It was closed [citation:1] and [cite: 1, 2].", "It was closed [1] and [1][2]."),
        ("It was closed 【1:0†bridge.md】.", "It was closed [1]."),
        ("It was closed [1: The Harlow footbridge].", "It was closed [1]."),
        ("It was closed [[1]].", "It was closed [1]."),
        ("It was closed [[1]](http://leak.test/x).", "It was closed [1]."),
        ("[cite_start]It was closed [cite: 2].", "It was closed [2]."),
        (r"It was closed \[1\].", "It was closed [1]."),
        ("It was closed<sup>1</sup> and <sup>[2]</sup>.", "It was closed[1] and [2]."),
        ("In 2021¹ it closed², or ¹²³.", "In 2021[1] it closed[2], or [1][2][3]."),
        ("It was closed (passage 2) or (see source 1).", "It was closed [2] or [1]."),
        ("According to passage 2, it was. Passages 1 and 3 say so.", "According to [2], it was. [1][3] say so."),
        ("It was closed (1). It reopened (1, 3).", "It was closed [1]. It reopened [1][3]."),
        ("它在二〇二一年关闭（1）。", "它在二〇二一年关闭[1]。"),
    ],
)
def test_shapes_of_other_models_are_given_on_in_one(text: str, expected: str) -> None:
    assert shown(text, given=GIVEN) == shown(*text, given=GIVEN) == expected
    assert len(numbers(text, GIVEN)) == expected.count("[")


@pytest.mark.parametrize(
    "text",
    [
        "In (2021) it was closed, and (7) is no passage.",
        "Three things: (1) the deck, (2) the arch and (3).",
        "(1) It was closed.\n(2) It reopened.",
        "As plan (2) says, f(1) is the first.",
        "It covers 40 m², 10² m or 5³, and x² of CO².",
        "It covers 40 m<sup>2</sup> and 10<sup>2</sup>.",
        "Use arr[0] and then arr[1], or x[1], my_list[2], a[1] = 3 and cost[2].",
        "The first is `arr[1]`, so arr[1] it is.",
        "Take ``a[1] ` b[2]`` and `[1]`.",
        "```python\nvalues = [1, 2, 3]\nvalues[1]\n```\nThat is all.",
        "~~~\n[1]\n```\n[2]\n~~~",
        "- First:\n  ```\n  [1]\n  ```",
        "It is $x[1]$, $$y_{[2]}$$, \\[ z[1] = 2 \\] and \\(a[1]\\).",
        "A passage of 2 hours; passage 7 is not there, and passage 2021 neither.",
        "Either [x] or [ ], and [Figure 1], \\[7\\], \\*[sic].",
    ],
)
def test_what_only_looks_like_a_marker_stays_to_the_letter(text: str) -> None:
    assert shown(text, given=GIVEN) == shown(*text, given=GIVEN) == text
    assert not numbers(text, GIVEN)


def test_money_is_no_mathematics() -> None:
    assert numbers("It cost $5 [1] or $6, then $7.5[2]$8.") == [1, 2]


def test_round_brackets_cite_only_in_an_answer_without_square_ones() -> None:
    assert numbers("It was closed [1]. It reopened as planned (3).", GIVEN) == [1]


def test_code_without_an_end_is_code_to_the_end_of_a_block_only() -> None:
    assert numbers("A ` b [1] and ``` c [2].") == [1, 2]
    assert numbers("```\n[1]") == []


def test_mathematics_hides_no_address() -> None:
    assert "leak" not in shown("It is $![x](http://leak.test/a)$ and \\(![x](http://leak.test/b)\\).", given=GIVEN)


def test_a_link_with_a_number_that_no_passage_has_is_its_label() -> None:
    assert shown("See [7](http://leak.test/a).", given=GIVEN) == "See 7."
    assert numbers("See [1](http://leak.test/a).", GIVEN) == [1]


@pytest.mark.parametrize(
    "listed",
    [
        "Sources:\n[1] The Harlow footbridge\n[2] Money",
        "**References**\n\n- [1] The Harlow footbridge\n\n- [2]: Money",
        "## Quellen\n1. [1]\n2. [2]",
        "[1] The Harlow footbridge\n[2] Money, 2021",
        "[1]: The Harlow footbridge",
        "Sources: [1], [2]",
    ],
)
def test_a_list_of_sources_cites_nothing(listed: str) -> None:
    text = f"It was closed [1].\n\n{listed}"
    assert numbers(text, GIVEN) == numbers(f"{text}\n", GIVEN) == [1]
    assert shown(*text, given=GIVEN) == text


def test_text_behind_a_list_of_sources_cites_again() -> None:
    assert numbers("It was closed [1].\n\nSources:\n- [1] bridge\n\nIt reopened [2].", GIVEN) == [1, 2]


def test_a_sentence_that_begins_with_a_marker_and_a_title_is_no_source() -> None:
    assert numbers("[1] The Harlow footbridge was closed.\n[2] Money is short.", GIVEN) == [1, 2]


def test_no_raw_marker_flashes_while_the_text_comes_in() -> None:
    text = "It was closed 【1:0†x】, <sup>2</sup> (passage 3) and [1: The Harlow footbridge]. So says passage 2 of them. (1)"
    markers, so_far = Markers(GIVEN), ""
    for letter in text:
        so_far += "".join(part for part in markers.feed(letter) if isinstance(part, str))
        assert not any(sign in so_far for sign in "【†<[(")
        assert "passage" not in so_far


def test_a_stroke_before_white_space_is_only_a_stroke() -> None:
    assert shown("A stroke \\ ") == "A stroke \\"
    assert shown("One \\\n[1]: the bridge", given=GIVEN) == shown("One \\", "\n[1]: the bridge", given=GIVEN)


def test_a_formula_may_begin_with_a_raised_figure_wherever_it_is_cut() -> None:
    # "²" is a digit to Python, though none to a regular expression.
    assert parts_of("$²$a", given=GIVEN) == parts_of(*"$²$a", given=GIVEN)


@given(
    st.lists(
        st.sampled_from([*"ab .[]()1²$\\`\n:", "Sources:\n", "[^1]", "passage 1", "```\n", "[1: The Harlow", "<sup>"]),
        max_size=25,
    )
)
def test_all_shapes_are_the_same_however_they_are_cut(pieces: list[str]) -> None:
    assert shown(*pieces, given=GIVEN) == shown("".join(pieces), given=GIVEN) == shown(*"".join(pieces), given=GIVEN)


@given(st.text(alphabet="ab 1.,:[]()x=\n#|", max_size=60))
def test_a_block_of_code_keeps_every_character(code: str) -> None:
    text = f"See:\n\n```\n{code}\n```\n\nIt was closed"
    assert shown(*text, given=GIVEN) == text
    assert not numbers(text, GIVEN)


def test_a_long_answer_is_read_in_time_that_grows_with_its_length() -> None:
    parts = parts_of(*("It was closed in 2021 [1]. " * 4000), given=GIVEN)
    assert sum(isinstance(part, Marker) for part in parts) == 4000
    assert not any(isinstance(part, Literal) for part in parts)
