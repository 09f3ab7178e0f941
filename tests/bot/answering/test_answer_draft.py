"""An answer as it grows: claims that hold their footnotes, whatever they stand in, and what is no claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer_draft import AnswerDraft, DraftClaim, says_nothing_found
from bot.answering.markers import Marker, Markers, RemovedLink
from tests.bot.answering.marked import GIVEN, drafted, parts


def claims(text: str, size: int = 4) -> list[DraftClaim]:
    return drafted(text, size)[1]


def stated(text: str) -> list[tuple[str, tuple[int, ...]]]:
    """The words of each claim, and what it cites."""
    return [(one.bare, one.markers) for one in drafted(text, given=GIVEN)[1] if one.claims]


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


@pytest.mark.parametrize("size", [1, 400])
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1] It was closed.\n[1] It reopened.", [("It was closed.", (1,)), ("It reopened.", (1,))]),
        ("[1] It was closed. [2] It reopened.", [("It was closed.", (1,)), ("It reopened.", (2,))]),
        ("- [1] It was closed.\n- [2] It reopened.", [("It was closed.", (1,)), ("It reopened.", (2,))]),
        ("It was closed.\n[1]\nIt reopened [2].", [("It was closed.", (1,)), ("It reopened", (2,))]),
        ("It was closed. [1] It reopened.", [("It was closed.", (1,)), ("It reopened.", ())]),
        ("It was closed. Passage 2 says so.", [("It was closed.", ()), ("says so.", (2,))]),
        ("According to passage 2, it was closed.", [("it was closed.", (2,))]),
        ("It was closed ([1]).", [("It was closed.", (1,))]),
        ("**Answer:** It was **closed** [1].", [("It was closed", (1,))]),
        ("It was closed.\n\nSource: [1]", [("It was closed.", (1,))]),
        ("It was closed [1].\n\nSources:\n[1] The Harlow footbridge\n- Money", [("It was closed", (1,))]),
        ("It was closed [1].\n[1] The Harlow footbridge", [("It was closed", (1,))]),
        ("## When it was closed\n\n**When**\n\nIn 2021 [1].", [("In 2021", (1,))]),
        ("It was closed [1]:\n```\nx = 1. It is.\n```\nIt reopened.", [("It was closed:", (1,)), ("It reopened.", ())]),
    ],
)
@pytest.mark.parametrize("size", [1, 500])
def test_a_marker_belongs_to_its_own_sentence(text: str, expected: list[tuple[str, tuple[int, ...]]], size: int) -> None:
    assert [(one.bare, one.markers) for one in drafted(text, size, GIVEN)[1] if one.claims] == expected


def test_each_row_of_a_table_is_a_claim_and_its_header_is_none() -> None:
    text = "| Event | Date |\n|:---|---:|\n| Closed | 3 March 2021. Then [1] |\n| Reopened | May 2022 |\n\nThat is all [2]."
    assert stated(text) == [("Closed: 3 March 2021. Then", (1,)), ("Reopened: May 2022", ()), ("That is all", (2,))]


def test_a_marker_that_was_found_goes_into_the_last_cell_of_its_row() -> None:
    made, _ = attributed("| Event | Date |\n|---|---|\n| Closed | 2021 |\n| Opened | 1931 |")
    assert made == "| Event | Date |\n|---|---|\n| Closed | 2021 [7] |\n| Opened | 1931 [7] |"


def test_the_markers_of_a_draft_are_those_that_cite_and_no_others() -> None:
    draft, _ = drafted("Take `a[1]` [1].\n```\n[1]\n```\nIt is x[2] [2].\n\nSources: [1]", given=GIVEN)
    assert [draft.text[start:end] for start, end in draft.markers] == ["[1]", "[2]"]
    assert [start for start, _ in draft.markers] == [12, draft.text.index(" [2]") + 1]


def test_the_markers_keep_their_places_when_one_is_put_in() -> None:
    draft = AnswerDraft()
    draft.add("It opened. It is iron ")
    draft.add(Marker(2))
    (first, *_) = draft.finished(final=True)
    draft.attribute(first, 1)
    assert [draft.text[start:end] for start, end in draft.markers] == ["[1]", "[2]"]


def test_a_sentence_without_an_end_is_not_looked_through_again_and_again() -> None:
    draft = AnswerDraft()
    for _ in range(30_000):
        draft.add("and so on, ")
        assert not list(draft.finished())
    assert len(list(draft.finished(final=True))) == 1
