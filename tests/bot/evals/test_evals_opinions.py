"""What people say of answers blindly: pairs in an order that tells nothing, claims, and what they come to."""

from pathlib import Path

from lab_runs import bare, cases, good, invented, run

from bot.evals.opinions import (
    BlindPair,
    OpinionStore,
    Side,
    blind_pairs,
    claims_to_label,
    preference_tally,
    verifier_agreement,
)


def test_answers_of_the_same_words_are_not_compared_and_sides_change() -> None:
    pairs = blind_pairs(run("a", cases(40), good), run("b", cases(40), bare))
    assert len(pairs) == 35  # every eighth case abstains in both
    assert {pair.swapped for pair in pairs} == {True, False}


def test_a_preference_is_told_of_the_run_and_not_of_the_side(tmp_path: Path) -> None:
    store = OpinionStore(tmp_path)
    pairs = blind_pairs(run("a", cases(16), good), run("b", cases(16), bare))
    for pair in pairs:
        store.add(pair.preference(_side_of_the_earlier(pair)))
    tally = preference_tally(pairs, store.preferences())
    assert (tally.before, tally.after, tally.neither) == (len(pairs), 0, 0)
    assert tally.chance < 0.001


def _side_of_the_earlier(pair: BlindPair) -> Side:
    return "second" if pair.swapped else "first"


def test_a_preference_counts_whichever_run_is_named_first(tmp_path: Path) -> None:
    store = OpinionStore(tmp_path)
    a, b = run("a", cases(8), good), run("b", cases(8), bare)
    for pair in blind_pairs(a, b):
        store.add(pair.preference(_side_of_the_earlier(pair)))
    turned = blind_pairs(b, a)
    assert preference_tally(turned, store.preferences()).after == len(turned)


def test_claims_are_labelled_once_and_held_against_the_verdicts(tmp_path: Path) -> None:
    store, claims = OpinionStore(tmp_path), list(claims_to_label(run("a", cases(8), invented)))
    assert len(claims) == 15  # two of each answer, and one of the case that should abstain
    for one in claims:
        store.add(one.label(accepted=one.claim.verdict == "supported"))
    store.add(claims[0].label(accepted=False))  # the last word counts
    agreed = verifier_agreement(claims, store.claims())
    assert agreed is not None and (agreed.n, round(agreed.agreed * agreed.n)) == (15, 14)
    assert store.scores() == ()  # these answers have no scores
