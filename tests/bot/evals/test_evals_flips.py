"""What became of the citations of a case that flipped."""

from lab_runs import Said, answer, case, good, passage, result

from bot.evals.flips import citation_changes, flips
from bot.evals.records import Case, Result

ASKED = Case("a", "?")
FIRST, SECOND, THIRD = passage(1, "One", "one.md"), passage(2, "Two", "two.md"), passage(3, "Three", "three.md")


def said(*claims: Said) -> Result:
    return result(ASKED, answer((FIRST, SECOND, THIRD), *claims))


def test_citations_are_told_apart_by_their_passage() -> None:
    before = said(("A", (1,), "supported"), ("B", (2,), "supported"))
    after = said(("A", (1,), "check"), ("C", (3,), "supported"))
    found = citation_changes(before, after)
    assert [one.article for one in found.gained] == ["three.md"]
    assert [one.article for one in found.lost] == ["two.md"]
    assert [(one.before.verdict, one.after.verdict) for one in found.changed] == [("supported", "check")]


def test_the_same_passage_under_another_number_is_the_same_citation() -> None:
    again = result(ASKED, answer((passage(2, "One", "one.md"),), ("A", (2,), "supported")))
    found = citation_changes(said(("A", (1,), "supported")), again)
    assert not found.gained and not found.lost and not found.changed


def test_a_passage_that_is_cited_twice_is_judged_by_the_worst() -> None:
    before = said(("A", (1,), "supported"), ("B", (1,), "number differs"))
    found = citation_changes(before, said(("A", (1,), "supported")))
    assert [(one.before.verdict, one.after.verdict) for one in found.changed] == [("number differs", "supported")]


def test_numbers_that_no_passage_has_are_gained_one_by_one() -> None:
    found = citation_changes(said(), said(("A", (8,), "no such passage"), ("B", (9,), "no such passage")))
    assert [one.n for one in found.gained] == [8, 9]


def test_a_flip_tells_what_the_answer_that_fails_does_wrong() -> None:
    one = case(0)
    won, lost = result(one, good(one)), result(one, answer((), ("It is so", (), "uncited")))
    (flip,) = flips(iter([(one, lost, won)]))
    assert flip.won and "It does not hold “1900”." in [check.why for check in flip.checks]
    (flip,) = flips(iter([(one, won, lost)]))
    assert not flip.won and all(not check.held for check in flip.checks)


def test_a_case_that_failed_or_that_stays_as_it_was_is_no_flip() -> None:
    one = case(0)
    fine, failed = result(one, good(one)), result(one, None)
    assert list(flips(iter([(one, fine, failed), (one, fine, fine)]))) == []
