"""Text that is made to take long: each of these took minutes while its time grew with the square of its length."""

from bot.reading.dates import dates
from bot.reading.quantities import quantities
from bot.reading.words import cleaned
from bot.verification.roles import turned_verb
from bot.verification.statements import claimed
from vectorstore.splitting.sentences import sentences

_DATES = "The bridge was closed on " + ", ".join(f"{n % 28 + 1} May {1900 + n % 100}" for n in range(4_000)) + "."


def test_a_million_apostrophes_are_no_work_for_the_splitter() -> None:
    text = "'" * 1_000_000
    assert sentences(text) == [(0, len(text))]


def test_twenty_thousand_dates_are_read_in_one_pass() -> None:
    text = " ".join(f"{n % 28 + 1} May {1900 + n % 100}" for n in range(20_000))
    assert len(dates(text, "en")) == 20_000


def test_a_text_of_empty_lines_is_cleaned_in_one_pass() -> None:
    text = "a" + "\n" * 200_000 + "- b"
    assert cleaned(text) == "a" + " " * 200_002 + "b"


def test_a_claim_of_four_thousand_dates_is_taken_apart_in_one_pass() -> None:
    claim = claimed(_DATES)
    assert claim.verbs == (3,)
    assert turned_verb(claim, [(claim, None)]) is None


def test_numbers_beside_four_thousand_dates_are_read_in_one_pass() -> None:
    assert quantities(_DATES) == ()
