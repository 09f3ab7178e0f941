"""Chunks: exact offsets over any Unicode, whole sentences where they fit, paragraphs before sentences."""

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vectorstore.splitting.split import CHARACTERS_PER_TOKEN, SPLITTER_VERSION, sentences, split
from vectorstore.types import Chunk

SCRIPTS = (
    "the quick brown fox. ",
    "今天天气很好。我们去吧！",
    "私は「行く。」と言った。",
    "مرحبا بالعالم. كيف حالك؟ ",
    "שלום עולם. ",
    "e\u0301a\u0308\u0323 o\u0302\u0301 ",
    "👩‍👩‍👧‍👦 👍🏽 🇹🇼🇯🇵 ❤️ ",
    "हिन्दी वाक्य। ",
    "x" * 70,
    "\n",
    "\n\n",
    "# Heading\n",
    "- item\n",
    "“Quoted. Twice.” ",
    "Jan. 7, 3.5 U.S. J. K. ",
    "\u2028\t\u00a0\u200b\ufeff\x00\ud800",
)
UNICODE = st.lists(st.one_of(st.sampled_from(SCRIPTS), st.text(max_size=30), st.characters()), max_size=40).map("".join)


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def weight(text: str) -> int:
    return max(words([text])[0], -(-len(text) // CHARACTERS_PER_TOKEN))


def visible(text: str) -> str:
    return "".join(text.split())


@given(UNICODE, st.integers(1, 60))
@example("\ud83d. \udc00", 1)
def test_every_chunk_is_the_text_at_its_offsets(text: str, limit: int) -> None:
    assert [chunk.text for chunk in split(text, limit, words)] == [text[c.start : c.end] for c in split(text, limit, words)]


@given(UNICODE, st.integers(1, 60))
def test_chunks_hold_all_that_can_be_seen_once_and_in_order(text: str, limit: int) -> None:
    assert visible("".join(chunk.text for chunk in split(text, limit, characters))) == visible(text)


@given(UNICODE, st.integers(1, 60))
def test_chunks_follow_each_other_without_overlap(text: str, limit: int) -> None:
    edges = [edge for chunk in split(text, limit, words) for edge in (chunk.start, chunk.end)]
    assert edges == sorted(edges)


@given(UNICODE, st.integers(1, 60))
def test_a_chunk_is_its_sentences_and_the_white_space_between_them(text: str, limit: int) -> None:
    for chunk in split(text, limit, words):
        assert (chunk.start, chunk.end) == (chunk.sentences[0][0], chunk.sentences[-1][1])
        assert visible(chunk.text) == visible("".join(text[a:b] for a, b in chunk.sentences))


@given(UNICODE)
def test_sentences_cover_the_text_and_have_no_white_space_at_their_ends(text: str) -> None:
    found = [text[a:b] for a, b in sentences(text)]
    assert visible("".join(found)) == visible(text)
    assert all(one == one.strip() != "" for one in found)


@given(UNICODE, st.integers(4, 60))
def test_only_what_cannot_be_cut_is_over_the_limit(text: str, limit: int) -> None:
    for chunk in split(text, limit, words):
        size = sum(weight(text[a:b]) for a, b in chunk.sentences)
        assert size <= limit or all(unicodedata.category(char)[0] in "MC" for char in chunk.text[1:])


@given(UNICODE, st.integers(1, 60))
def test_no_chunk_starts_with_a_mark_that_belongs_to_the_character_before(text: str, limit: int) -> None:
    for chunk in split(text, limit, characters):
        before = text[chunk.start - 1 : chunk.start]
        assert not before.strip() or unicodedata.category(text[chunk.start]) not in ("Mn", "Mc", "Me")


@given(UNICODE, st.integers(1, 60))
def test_the_same_text_is_cut_the_same_way(text: str, limit: int) -> None:
    assert split(text, limit, words) == split(text, limit, words)


def texts(chunks: Sequence[Chunk]) -> list[str]:
    return [chunk.text for chunk in chunks]


def test_small_neighbouring_paragraphs_share_a_chunk() -> None:
    text = "One two three.\n\nFour five six.\n\nSeven eight nine."
    assert texts(split(text, 6, words)) == ["One two three.\n\nFour five six.", "Seven eight nine."]


def test_fill_zero_keeps_each_paragraph_apart() -> None:
    assert len(split("One two three.\n\nFour five six.", 20, words, fill=0)) == 2


def test_a_paragraph_that_fits_is_not_cut_to_fill_the_chunk_before() -> None:
    text = "One two. Three four.\n\nFive six. Seven eight."
    assert texts(split(text, 6, words)) == ["One two. Three four.", "Five six. Seven eight."]


def test_a_long_paragraph_is_cut_at_sentences_into_even_parts() -> None:
    text = " ".join(f"Number {n} is here." for n in range(1, 7))
    assert [len(chunk.sentences) for chunk in split(text, 20, words)] == [3, 3]


def test_a_sentence_over_the_limit_is_cut_at_its_clauses() -> None:
    text = "We went out in the morning, although it rained, and we came home late."
    assert texts(split(text, 8, words)) == ["We went out in the morning,", "although it rained, and we came home late."]


def test_a_sentence_with_no_marks_is_cut_at_a_space() -> None:
    assert texts(split("one two three four", 2, words)) == ["one two", "three four"]


def test_each_part_of_a_cut_sentence_is_a_sentence_of_its_own() -> None:
    assert [chunk.sentences for chunk in split("one two three four", 2, words)] == [((0, 7),), ((8, 18),)]


def test_a_word_that_a_tokenizer_takes_for_one_token_is_cut_by_its_length() -> None:
    assert max(len(chunk.text) for chunk in split("y" * 5000, 20, words)) <= 20 * CHARACTERS_PER_TOKEN


def test_a_family_emoji_a_flag_and_an_accent_are_never_cut() -> None:
    clusters = ["👩‍👩‍👧‍👦", "🇹🇼", "e\u0301\u0323", "👍🏽", "한", "각"]
    assert texts(split("".join(clusters), 1, characters)) == clusters


def test_a_heading_stays_with_the_paragraph_under_it() -> None:
    text = "One two three four.\n\n## The plan\n\nFive six seven eight."
    assert texts(split(text, 8, words)) == ["One two three four.", "## The plan\n\nFive six seven eight."]


def test_a_heading_stays_with_the_first_part_of_a_long_paragraph() -> None:
    text = "The plan\n\n" + " ".join(f"Number {n} is here." for n in range(1, 7))
    assert texts(split(text, 14, words))[0].startswith("The plan\n\nNumber 1 is here. Number 2")


def test_the_tokens_of_each_sentence_are_counted_once() -> None:
    counted: list[str] = []

    def count(given: Sequence[str]) -> list[int]:
        counted.extend(given)
        return words(given)

    split("One two. Three four.\n\nFive six.", 100, count)
    assert counted == ["One two.", "Three four.", "Five six."]


@pytest.mark.parametrize("text", ["", " \n\t\n\u2028 "])
def test_white_space_has_no_chunks(text: str) -> None:
    assert split(text, 200, words) == []


def test_a_combining_mark_that_goes_on_for_ever_ends() -> None:
    assert len(split("a" + "\u0301" * 5000, 10, characters)) == 1


def test_the_splitter_has_a_version() -> None:
    assert SPLITTER_VERSION
