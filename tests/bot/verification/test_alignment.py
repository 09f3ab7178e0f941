"""A claim laid beside a sentence: what matches, and what stands in the place of what."""

from bot.reading.words import words
from bot.verification.alignment import LONGEST, Gap, align, share


def _gaps(claim: str, source: str) -> list[tuple[str, str]]:
    def text(side: Gap, which: str) -> str:
        return " ".join(word.text for word in getattr(side, which))

    return [(text(gap, "claim"), text(gap, "source")) for gap in align(words(claim), words(source)).gaps]


def test_one_word_in_anothers_place_is_one_gap() -> None:
    assert _gaps("The bridge at Ner opened late", "The bridge at Oss opened late") == [("Ner", "Oss")]


def test_a_number_stands_where_another_stood_though_it_comes_again_later() -> None:
    claim, source = "He planned 21 trees", "He planned 30 trees, but only 21 grew"
    assert _gaps(claim, source)[0] == ("21", "30")


def test_what_the_claim_adds_has_nothing_opposite() -> None:
    assert ("never", "") in _gaps("It was never open", "It was open")


def test_the_end_of_a_claim_faces_no_more_of_the_source_than_fits() -> None:
    (gap,) = align(words("It runs to Oss"), words("It runs to Ner and then on through the hills to the sea")).gaps
    assert ([word.text for word in gap.source], gap.open) == (["Ner", "and", "then"], "after")


def test_a_clause_of_the_sentence_matches_whole() -> None:
    assert align(words("the bridge opened"), words("In May the bridge opened at last")).share == 1


def test_moved_words_are_loose_on_both_sides() -> None:
    mine, theirs = align(words("in 1931 the bridge opened"), words("the bridge opened in 1931")).loose
    assert "1931" in mine & theirs


def test_the_quick_share_is_that_of_the_words_in_order() -> None:
    assert share(words("a b c d"), words("a b x d")) == 0.75


def test_very_long_texts_are_not_laid_beside_each_other() -> None:
    endless = words("bridge " * (LONGEST + 1))
    assert share(endless, endless) == 0
