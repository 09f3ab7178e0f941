"""A model's text in pieces: markers whole and in one shape, no address let out, claims that hold their footnotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.cite import AnswerDraft, DraftClaim, Marker, Markers, Part, RemovedLink, says_nothing_found


def parts(*pieces: str, allowed: str = "") -> list[Part]:
    markers = Markers(lambda address: bool(allowed) and address == allowed)
    return [part for piece in pieces for part in markers.feed(piece)] + list(markers.end())


def shown(*pieces: str, allowed: str = "") -> str:
    draft = AnswerDraft()
    return "".join(draft.add(part) for part in parts(*pieces, allowed=allowed) if not isinstance(part, RemovedLink))


def numbers(text: str) -> list[int]:
    return [part.n for part in parts(text) if isinstance(part, Marker)]


def claims(text: str, size: int = 4) -> list[DraftClaim]:
    draft, markers, found = AnswerDraft(), Markers(), list[DraftClaim]()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    for part in [*(part for piece in pieces for part in markers.feed(piece)), *markers.end()]:
        if not isinstance(part, RemovedLink):
            draft.add(part)
            found += draft.finished()
    found += draft.finished(final=True)
    assert all(draft.text[one.start : one.end] == one.text for one in found)
    return found


def attributed(text: str, size: int = 4) -> tuple[str, list[DraftClaim]]:
    """The text and the claims where every claim without a marker is given [7], as it comes in pieces."""
    draft, markers, found = AnswerDraft(), Markers(), list[DraftClaim]()

    def take(final: bool = False) -> None:
        for one in draft.finished(final=final):
            found.append(one)
            if one.claims and not one.markers:
                draft.attribute(one, 7)

    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    for part in [*(part for piece in pieces for part in markers.feed(piece)), *markers.end()]:
        if not isinstance(part, RemovedLink):
            draft.add(part)
            take()
    take(final=True)
    return draft.text, found


@pytest.mark.parametrize("size", [1, 3, 7, 40, 400])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It opened. It is iron.", "It opened. [7] It is iron. [7]"),
        ("It opened [1]. It is iron. It is long [2].", "It opened [1]. It is iron. [7] It is long [2]."),
        ("It opened. [1] It is iron.\n\n- It is long. [2]\n- It is old.", None),
        ("# A bridge\n\nIt is iron.\n", "# A bridge\n\nIt is iron. [7]\n"),
        ("它在一九三一年开放。它是铁做的[2]。它很长。", "它在一九三一年开放。 [7]它是铁做的[2]。它很长。 [7]"),
        ("Es ist aus Eisen. Den Preis nennt kein Artikel [0].", "Es ist aus Eisen. [7] Den Preis nennt kein Artikel."),
    ],
)
def test_a_marker_is_put_behind_the_sentence_that_has_none(text: str, expected: str | None, size: int) -> None:
    made, found = attributed(text, size)
    assert made == (expected or "It opened. [1] It is iron. [7]\n\n- It is long. [2]\n- It is old. [7]")
    assert all(made[one.start : one.end] == one.text for one in found)


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
    ],
)
def test_links_and_images_lose_their_address(text: str, left: str, address: str) -> None:
    assert shown(text) == shown(*text) == left
    assert RemovedLink(address) in parts(text)


def test_the_address_of_an_article_may_stay_as_text() -> None:
    text = "See [the page](https://mine.test/a)."
    assert shown(text, allowed="https://mine.test/a") == "See the page (https://mine.test/a)."


def test_an_image_is_never_kept_even_of_an_article_s_address() -> None:
    assert shown("![x](https://mine.test/a)", allowed="https://mine.test/a") == "x"


def test_each_claim_carries_the_markers_inside_and_behind_it() -> None:
    found = claims("The bridge opened in 1931 [1]. It is iron.[2][3] It carries[1] trains [2]. Nobody knows.")
    assert [(one.text, one.markers) for one in found] == [
        ("The bridge opened in 1931", (1,)),
        ("It is iron.", (2, 3)),
        ("It carries[1] trains", (1, 2)),
        ("Nobody knows.", ()),
    ]
    assert [one.first for one in found] == [0, 1, 3, 5]
    assert found[2].bare == "It carries trains"


def test_the_items_of_a_list_are_claims_without_their_bullets() -> None:
    found = claims("It has two parts:\n- an arch [1]\n- a deck [2]\n\n1. The first [3].")
    assert [(one.text, one.markers, one.claims) for one in found] == [
        ("It has two parts:", (), False),
        ("an arch", (1,), True),
        ("a deck", (2,), True),
        ("The first", (3,), True),
    ]


@pytest.mark.parametrize("text", ["What follows:", "Is that all?", "# A heading", "The articles do not say who paid."])
def test_what_states_nothing_about_the_subject_is_no_claim(text: str) -> None:
    assert [one.claims for one in claims(text)] == [False]


def test_a_claim_is_given_out_as_soon_as_the_next_one_begins() -> None:
    draft = AnswerDraft()
    draft.add("It opened in 1931 ")
    draft.add(Marker(1))
    draft.add(". ")
    assert list(draft.finished()) == []
    draft.add("It is")
    assert [one.text for one in draft.finished()] == ["It opened in 1931"]
    assert list(draft.finished()) == []


@given(
    st.lists(
        st.sampled_from(["It opened in 1931", " [1]", ". ", "\n- ", "Dr. No paid $3.5", "[2]", "?", "!", " "]), max_size=14
    )
)
def test_no_footnote_is_lost_or_given_to_two_claims(pieces: list[str]) -> None:
    draft = AnswerDraft()
    for part in parts(*pieces):
        if not isinstance(part, RemovedLink):
            draft.add(part)
    found = list(draft.finished(final=True))
    taken = [number for one in found for number in range(one.first, one.first + len(one.markers))]
    assert taken == sorted(set(taken))
    assert len(taken) <= draft.count


@pytest.mark.parametrize(
    "text",
    [
        "The articles do not say when it opened.",
        "The passages don't mention it.",
        "There is no information on that in the articles.",
        "None of that is in the articles: the sources never name him.",
        "文章中并未提到。",
    ],
)
def test_an_abstention_is_known_by_its_words(text: str) -> None:
    assert says_nothing_found(text)


@pytest.mark.parametrize("text", ["The article says that he left.", "He did not go.", "Not one bridge was built."])
def test_a_denial_of_something_else_is_no_abstention(text: str) -> None:
    assert not says_nothing_found(text)
