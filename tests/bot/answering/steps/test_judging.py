"""What a judge is given to read, and what becomes of its scores. The judge here counts letters, so that it can be foreseen."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answering.steps.candidates import Candidate, candidates
from bot.answering.steps.extract import extract
from bot.answering.steps.judging import AT_ZERO, SLOPE, STRETCH, UNREAD, judged
from bot.types import Passage
from vectorstore.splitting.sentences import sentences
from vectorstore.types import Span

LIBRARY = "# Rules\n\n**Can I borrow films?**\n\nYes, up to five. They are free.\n\nDogs stay outside."


def passage(text: str, n: int = 1, article: str = "a.md") -> Passage:
    spans = tuple(sentences(text))
    return Passage(n, article, "The library", "", "", 0, len(text), text, 1.0, {}, spans, (0.5,) * len(spans))


class Reader:
    """A judge that remembers what it read, and gives a span the number of times that it has a letter."""

    def __init__(self, letter: str) -> None:
        self.letter = letter
        self.read: list[tuple[str, str, list[str]]] = []

    def __call__(self, question: str, stretches: Sequence[tuple[str, Sequence[Span]]]) -> list[NDArray[np.float32]]:
        self.read += [(question, text, [text[a:b] for a, b in spans]) for text, spans in stretches]
        letter = self.letter.format(question=question)
        return [np.array([text[a:b].count(letter) for a, b in spans], np.float32) for text, spans in stretches]


def found(*passages: Passage) -> list[Candidate]:
    return candidates("Can I borrow films?", "", passages)


def test_each_candidate_has_the_score_of_its_words() -> None:
    assert judged(Reader("o"), "Films?", found(passage(LIBRARY)), [0.0, 0.0, 0.0]) == [1.0, 0.0, 2.0]


def test_a_stretch_is_read_under_its_title_its_heading_and_the_question_that_it_answers() -> None:
    reader = Reader("o")
    judged(reader, "Films?", found(passage(LIBRARY)), [0.0, 0.0, 0.0])
    ((question, text, spans),) = reader.read
    assert question == "Films?"
    assert text.splitlines() == [
        "The library",
        "# Rules",
        "**Can I borrow films?**",
        "",
        "Yes, up to five. They are free.",
        "",
        "Dogs stay outside.",
    ]
    assert spans[1:] == ["Yes, up to five.", "They are free.", "Dogs stay outside."]


def test_a_row_is_read_with_the_names_of_its_columns() -> None:
    reader = Reader("o")
    ones = found(passage("## Prices\n\n| Ticket | Single |\n|---|---|\n| Adult | 6.40 |\n| Child | 3.20 |"))
    judged(reader, "Films?", ones, [0.0] * len(ones))
    assert reader.read[0][2][1:] == ["Ticket: Adult; Single: 6.40", "Ticket: Child; Single: 3.20"]


def test_a_long_passage_is_read_in_stretches() -> None:
    text = "It rains in Ner and by the river Aa, and nobody there is astonished. " * 60
    reader = Reader("o")
    ones = found(passage(text.strip()))
    judged(reader, "Films?", ones, [0.0] * len(ones))
    assert len(reader.read) > 1
    assert all(len(text) <= STRETCH + 100 for _, text, _ in reader.read)


def test_only_what_is_likely_is_read() -> None:
    ones = found(*(passage(f"It rains in the year {n}.", n, f"{n}.md") for n in range(1, 40)))
    scores = judged(Reader("o"), "Films?", ones, [float(-n) for n in range(39)])
    assert [score > UNREAD for score in scores] == [n < 24 for n in range(39)]


def test_the_judge_decides_between_sentences_that_are_alike() -> None:
    text = "The bridge is old. The bridge is iron. The bridge is blue."
    chosen = extract("What is the bridge?", "", [passage(text)], 1, judge=Reader("ron"))
    assert [one.text for one in chosen.quotations] == ["The bridge is iron."]


@pytest.mark.parametrize(("question", "wanted"), [("What is x and what is y?", 2), ("What is x?", 1)])
def test_each_part_of_a_question_gets_its_sentence(question: str, wanted: int) -> None:
    class Parted(Reader):
        """Finds the last letter of the question."""

        def __call__(self, question: str, stretches: Sequence[tuple[str, Sequence[Span]]]) -> list[NDArray[np.float32]]:
            letter = question.rstrip("?")[-1]
            return [np.array([9 * (f" {letter} " in text[a:b]) - 4 for a, b in spans], np.float32) for text, spans in stretches]

    text = "Nobody sees x at night. " + "It rains a lot here. " * 5 + "Somebody heard y at noon."
    chosen = extract(question, "", [passage(text)], 4, judge=Parted(""))
    assert len(chosen.quotations) == wanted


def test_a_sentence_in_another_language_is_not_read_and_has_the_odds_that_its_likeness_usually_brings() -> None:
    reader = Reader("o")
    german = replace(passage("Filme leihen wir kostenlos aus.", 2, "b.md"), language="de")
    odds = judged(reader, "Films?", found(passage("Films are on loan."), german), [0.0, 2.0])
    assert odds == [2.0, SLOPE * 2.0 + AT_ZERO]
    assert [text.rsplit("\n", 1)[-1] for _, text, _ in reader.read] == ["Films are on loan."]
