"""Text that is made to take long: each of these took minutes while its time grew with the square of its length."""

from bot.reading.dates import dates
from bot.reading.words import cleaned
from vectorstore.splitting.sentences import sentences


def test_a_million_apostrophes_are_no_work_for_the_splitter() -> None:
    text = "'" * 1_000_000
    assert sentences(text) == [(0, len(text))]


def test_twenty_thousand_dates_are_read_in_one_pass() -> None:
    text = " ".join(f"{n % 28 + 1} May {1900 + n % 100}" for n in range(20_000))
    assert len(dates(text, "en")) == 20_000


def test_a_text_of_empty_lines_is_cleaned_in_one_pass() -> None:
    text = "a" + "\n" * 200_000 + "- b"
    assert cleaned(text) == "a" + " " * 200_002 + "b"
