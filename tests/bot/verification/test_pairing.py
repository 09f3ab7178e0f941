"""A claim beside its sentences: what stands there, and how it is told."""

from bot.reading.names import names_in
from bot.reading.words import words
from bot.verification.pairing import LONGEST, Gap, align, holds, share, stands
from bot.verification.statements import claimed
from tests.bot.verification.fake_likeness import pairing_of


def test_a_year_stands_in_a_date() -> None:
    (year,) = claimed("in 1931").quantities
    assert holds(claimed("on 4 May 1931"), year)


def test_less_of_a_date_stands_in_more_of_it() -> None:
    (month,) = claimed("in May 1931").dates
    assert holds(claimed("on 4 May 1931"), month)
    assert not holds(claimed("in 1931"), month)


def test_a_name_stands_by_a_part_of_it_but_not_by_its_home() -> None:
    (name,) = names_in("saw William White of Oslo")[:1]
    nothing = claimed("")
    assert stands(name, claimed("It was White who came."), nothing)
    assert not stands(name, claimed("He lives in Oslo."), nothing)


def test_names_that_the_claim_has_in_no_form_are_unclaimed() -> None:
    pairing = pairing_of("Brandt went there.", "Ada Brandt met Karl Weiss there.")
    assert [name.text for name in pairing.unclaimed] == ["Karl Weiss"]


def test_a_conflict_tells_both_and_its_sentence() -> None:
    pairing = pairing_of("It carries 5 trains.", "It rained. It carries 7 trains.")
    problem = pairing.conflict(pairing.near[0].quantities[0], pairing.claim.quantities[0])
    assert (problem.reason, problem.at) == ("The passage has “7” where the claim has “5”.", 1)


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
