"""Anchors find a quotation again by its exact words, or say that they are gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.verification.anchors import Anchor, anchor, difference, find, text_hash

ARTICLE = (
    "The bridge was opened in 1932. It was the longest of its kind at that time.\n\n"
    "Its builders were paid 5 shillings a day. A quarter of them came from the north of the country.\n\n"
    "The toll was lifted in 1988. It had stood at 20 cents for a car."
)
WORDS = "Its builders were paid 5 shillings a day."
WORD_LISTS = st.lists(st.sampled_from(["one", "two", "three", "3", "3.5", "four,", "five.", "fünf", "六"]), max_size=30)


def anchored(quote: str, text: str = ARTICLE) -> Anchor:
    start = text.index(quote)
    return anchor(text, start, start + len(quote))


def found_words(made: Anchor, text: str) -> tuple[str, str]:
    """The status, and what stands at the place."""
    found = find(made, text)
    return found.status, text[found.start : found.end]


def test_an_anchor_keeps_the_hash_the_words_and_what_stands_around_them() -> None:
    made = anchored(WORDS)
    assert made.hash == text_hash(ARTICLE)
    assert ARTICLE[made.start : made.end] == made.quote == WORDS
    assert made.before.endswith("at that time.\n\n")
    assert made.after.startswith(" A quarter of them")
    assert len(made.before) == len(made.after) == 40


@pytest.mark.parametrize("span", [(3, 3), (-1, 4), (5, 4), (0, 10**6)])
def test_what_is_no_part_of_the_text_gets_no_anchor(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no part"):
        anchor(ARTICLE, *span)


def test_an_unchanged_article_has_the_same_place() -> None:
    assert found_words(anchored(WORDS), ARTICLE) == ("same", WORDS)


def test_words_that_moved_are_found_at_their_new_place() -> None:
    assert found_words(anchored(WORDS), "A new first paragraph.\n\n" + ARTICLE) == ("moved", WORDS)


def test_words_that_stay_in_a_changed_article_count_as_moved() -> None:
    made = anchored(WORDS)
    found = find(made, ARTICLE + " More.")
    assert (found.status, found.start, found.stands) == ("moved", made.start, True)


def test_white_space_alone_makes_no_difference() -> None:
    wrapped = ARTICLE.replace("paid 5 shillings", "paid\n  5\u00a0shillings")
    assert found_words(anchored(WORDS), wrapped) == ("moved", WORDS.replace("paid 5 shillings", "paid\n  5\u00a0shillings"))


@pytest.mark.parametrize(
    ("quote", "old", "new"),
    [
        ("paid 5", "paid 5 shillings", "paid 50 shillings"),
        ("paid 5", "paid 5 shillings", "paid 5.5 shillings"),
        ("5 shillings", "paid 5 shillings", "paid 1,5 shillings"),
        ("the north", "the north of", "the northern part of"),
        ("builders were paid", "builders were paid", "Builders were paid"),
    ],
)
def test_words_are_never_found_inside_others(quote: str, old: str, new: str) -> None:
    assert not find(anchored(quote), ARTICLE.replace(old, new)).stands


def test_words_that_began_inside_another_may_still_do_so() -> None:
    assert found_words(anchored("uilders were"), "x" + ARTICLE) == ("moved", "uilders were")


def test_of_several_places_the_surroundings_decide() -> None:
    text = "He said yes to the mayor. She said yes to the king. They said yes to nobody."
    start = text.index("said yes to the king")
    made = anchor(text, start, start + len("said yes"))
    moved = "They said yes to nobody. She said yes to the king. He said yes to the mayor, twice."
    assert find(made, moved).start == moved.index("said yes to the king")


def test_of_places_that_are_alike_the_nearest_counts() -> None:
    text = "\n".join(["Nothing new."] * 9)
    made = anchor(text, 4 * 13, 4 * 13 + 12)
    assert find(made, text + "\nThe end.").start == 4 * 13


def test_places_that_overlap_are_all_looked_at() -> None:
    text = "a b a b a c"
    made = anchor(text, 4, 9)
    assert find(made, "x " + text).start == 6


def test_other_words_in_the_same_surroundings_are_a_change() -> None:
    now = ARTICLE.replace(WORDS, "Its builders were paid 7 shillings a day.")
    assert found_words(anchored(WORDS), now) == ("changed", "Its builders were paid 7 shillings a day.")


def test_words_that_were_cut_out_are_gone() -> None:
    assert find(anchored(WORDS), ARTICLE.replace(WORDS + " ", "")).status == "gone"


def test_of_words_that_are_gone_the_nearest_paragraph_is_told() -> None:
    rewritten = "The bridge is old.\n\nA day's pay of the builders was 5 shillings, no more.\n\nThe toll was lifted in 1988."
    found = found_words(anchored(WORDS), rewritten)
    assert found == ("gone", "A day's pay of the builders was 5 shillings, no more.")


def test_where_nothing_is_near_there_is_no_place() -> None:
    found = find(anchored(WORDS), "Quite another text?")
    assert (found.status, found.start, found.end, found.stands) == ("gone", 0, 0, False)


def test_an_empty_text_has_lost_everything() -> None:
    assert find(anchored(WORDS), "").status == "gone"


def test_a_difference_tells_words_apart() -> None:
    assert difference("It cost 5 shillings a day.", "It cost 7 shillings every day.") == [
        ("kept", "It cost "),
        ("removed", "5 "),
        ("added", "7 "),
        ("kept", "shillings "),
        ("removed", "a "),
        ("added", "every "),
        ("kept", "day."),
    ]


def test_a_text_that_was_wrapped_anew_keeps_its_words() -> None:
    pieces = difference("one two three", "one\ntwo three")
    assert "".join(text for change, text in pieces if change == "kept") == "onetwo three"


def test_chinese_differs_by_characters() -> None:
    assert difference("我们去北京", "我们去南京") == [("kept", "我们去"), ("removed", "北"), ("added", "南"), ("kept", "京")]


def test_texts_too_long_to_compare_differ_as_a_whole() -> None:
    old, new = "a " * 3000, "b " * 3000
    assert difference(old, new) == [("removed", old), ("added", new)]


@given(WORD_LISTS, WORD_LISTS, st.sampled_from([" ", "\n", "  ", ""]))
def test_a_difference_holds_both_texts(old: list[str], new: list[str], space: str) -> None:
    before, after = " ".join(old), space.join(new)
    pieces = difference(before, after)
    assert "".join(text for change, text in pieces if change != "added") == before
    assert "".join(text for change, text in pieces if change != "removed") == after


@given(st.text(), st.text())
def test_a_difference_of_any_texts_holds_both(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert "".join(text for change, text in pieces if change != "added") == old
    assert "".join(text for change, text in pieces if change != "removed") == new


@given(st.data(), WORD_LISTS, WORD_LISTS, WORD_LISTS)
def test_what_is_found_are_the_exact_words(data: st.DataObject, old: list[str], left: list[str], right: list[str]) -> None:
    text = " ".join([*old, "end"])
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = anchor(text, start, end)
    now = " ".join([*left, text, *right])
    found = find(made, now)
    if found.stands:
        assert now[found.start : found.end].split() == made.quote.split()
    else:
        # Only a quotation of nothing but white space stands nowhere when the whole text is still there.
        assert not made.quote.strip()
