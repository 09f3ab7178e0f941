"""What is remembered of texts: by their length and not by their number, and the last one always."""

from vectorstore.text_cache import ENTRY, remembered

KEPT = 10 * (ENTRY + 100)
"""Room for ten texts of a hundred characters."""


class CountedWork:
    """The lengths of texts, and which texts were measured."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.measure = remembered(KEPT)(self._measure)

    def _measure(self, text: str, beside: str = "") -> int:
        self.done.append(text)
        return len(text) + len(beside)


def texts(count: int, length: int = 100) -> list[str]:
    """So many different texts of a length."""
    return [f"{n}".ljust(length, ".") for n in range(count)]


def test_the_same_text_is_worked_on_once() -> None:
    work = CountedWork()
    assert [work.measure("rain"), work.measure("rain")] == [4, 4]
    assert work.done == ["rain"]


def test_another_second_argument_is_another_call() -> None:
    work = CountedWork()
    assert [work.measure("rain", "now"), work.measure("rain", beside="later")] == [7, 9]


def test_what_was_wanted_last_is_remembered() -> None:
    work = CountedWork()
    for text in texts(100):
        work.measure(text)
    work.measure(texts(100)[-1])
    assert len(work.done) == 100


def test_what_was_wanted_long_ago_is_forgotten() -> None:
    work = CountedWork()
    for text in texts(20):
        work.measure(text)
    work.measure(texts(20)[0])
    assert len(work.done) == 21


def test_fewer_long_texts_are_remembered_than_short_ones() -> None:
    short, long = CountedWork(), CountedWork()
    for work, length in ((short, 100), (long, 1000)):
        for text in 2 * texts(5, length):
            work.measure(text)
    assert (len(short.done), len(long.done)) == (5, 10)


def test_a_text_that_is_used_again_and_again_stays() -> None:
    work = CountedWork()
    for text in texts(50):
        work.measure("rain")
        work.measure(text)
    assert work.done.count("rain") == 1


def test_a_text_beyond_the_limit_is_remembered_while_it_is_the_last() -> None:
    work = CountedWork()
    book = "a" * 10 * KEPT
    assert [work.measure(book), work.measure(book)] == [len(book)] * 2
    assert work.done == [book]


def test_no_result_is_remembered_as_well_as_any() -> None:
    calls: list[str] = []
    remember = remembered(KEPT)(calls.append)
    remember("rain")
    remember("rain")
    assert calls == ["rain"]
