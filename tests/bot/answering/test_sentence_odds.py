"""What the answer judge is given to read, how its odds reach the sentences, and what it need not read."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answering.extract import MARGIN, extract
from bot.answering.quotations import CandidateSentence, candidate_sentences
from bot.answering.sentence_odds import AT_ZERO, SLOPE, STRETCH, UNREAD, judge_odds, remembering_judge
from bot.types import Passage
from vectorstore.splitting.sentences import sentences
from vectorstore.types import Span

LIBRARY = "# Rules\n\n**Can I borrow films?**\n\nYes, up to five. They are free.\n\nDogs stay outside."


def read_passage(text: str, n: int = 1, article: str = "a.md") -> Passage:
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


def found(*passages: Passage) -> list[CandidateSentence]:
    return candidate_sentences("Can I borrow films?", "", passages)


def test_each_candidate_has_the_score_of_its_words() -> None:
    assert judge_odds(Reader("o"), "Films?", found(read_passage(LIBRARY)), [0.0, 0.0, 0.0]) == [1.0, 0.0, 2.0]


def test_a_stretch_is_read_under_its_title_heading_and_question() -> None:
    reader = Reader("o")
    judge_odds(reader, "Films?", found(read_passage(LIBRARY)), [0.0, 0.0, 0.0])
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
    ones = found(read_passage("## Prices\n\n| Ticket | Single |\n|---|---|\n| Adult | 6.40 |\n| Child | 3.20 |"))
    judge_odds(reader, "Films?", ones, [0.0] * len(ones))
    assert reader.read[0][2][1:] == ["Ticket: Adult; Single: 6.40", "Ticket: Child; Single: 3.20"]


def test_a_long_passage_is_read_in_stretches() -> None:
    text = "It rains in Ner and by the river Aa, and nobody there is astonished. " * 60
    reader = Reader("o")
    ones = found(read_passage(text.strip()))
    judge_odds(reader, "Films?", ones, [0.0] * len(ones))
    assert len(reader.read) > 1
    assert all(len(text) <= STRETCH + 100 for _, text, _ in reader.read)


def test_only_what_is_likely_is_read() -> None:
    ones = found(*(read_passage(f"It rains in the year {n}.", n, f"{n}.md") for n in range(1, 40)))
    scores = judge_odds(Reader("o"), "Films?", ones, [float(-n) for n in range(39)])
    assert [score > UNREAD for score in scores] == [n < 24 for n in range(39)]


def test_what_stays_behind_whatever_the_judge_says_is_not_read() -> None:
    ones = found(*(read_passage(f"It rains in the year {n}.", n, f"{n}.md") for n in range(1, 5)))
    scores = judge_odds(Reader("o"), "Films?", ones, [5.0, 4.0, 3.0, -3.0], MARGIN)
    assert [score > UNREAD for score in scores] == [True, True, True, False]


def test_the_judge_reads_what_asks_and_not_the_story_before_it() -> None:
    reader = Reader("o")
    extract("It is wet here. We have a dog. Where do dogs stay?", "", [read_passage("Dogs stay outside.")], 1, judge=reader)
    assert [question for question, _, _ in reader.read] == ["Where do dogs stay?"]


def test_an_item_is_quoted_where_a_list_is_asked_for() -> None:
    text = "A starter needs steps.\n\n1. Stir the flour.\n2. Cover the jar.\n3. Feed it daily."
    (quotation,) = extract("List the steps to make one.", "", [read_passage(text)], 1, judge=Reader("A")).quotations
    assert quotation.text.endswith("3. Feed it daily.")


def test_the_judge_decides_between_sentences_that_are_alike() -> None:
    text = "The bridge is old. The bridge is iron. The bridge is blue."
    chosen = extract("What is the bridge?", "", [read_passage(text)], 1, judge=Reader("ron"))
    assert [one.text for one in chosen.quotations] == ["The bridge is iron."]


@pytest.mark.parametrize(("question", "wanted"), [("What is x and what is y?", 2), ("What is x?", 1)])
def test_each_part_of_a_question_gets_its_sentence(question: str, wanted: int) -> None:
    class Parted(Reader):
        """Finds the last letter of the question."""

        def __call__(self, question: str, stretches: Sequence[tuple[str, Sequence[Span]]]) -> list[NDArray[np.float32]]:
            letter = question.rstrip("?")[-1]
            return [np.array([9 * (f" {letter} " in text[a:b]) - 4 for a, b in spans], np.float32) for text, spans in stretches]

    text = "Nobody sees x at night. " + "It rains a lot here. " * 5 + "Somebody heard y at noon."
    chosen = extract(question, "", [read_passage(text)], 4, judge=Parted(""))
    assert len(chosen.quotations) == wanted


def test_a_foreign_sentence_is_not_read_and_has_the_odds_of_its_likeness() -> None:
    reader = Reader("o")
    german = replace(read_passage("Filme leihen wir kostenlos aus.", 2, "b.md"), language="de")
    odds = judge_odds(reader, "Films?", found(read_passage("Films are on loan."), german), [0.0, 2.0])
    assert odds == [2.0, SLOPE * 2.0 + AT_ZERO]
    assert [text.rsplit("\n", 1)[-1] for _, text, _ in reader.read] == ["Films are on loan."]


def test_a_stretch_is_read_once_for_a_question_and_keeps_its_odds() -> None:
    reader = Reader("o")
    judge = remembering_judge(reader)
    one, other = ("To go.", ((0, 6),)), ("Or not to go.", ((0, 13),))
    first, again = judge("Films?", [one]), judge("Films?", [other, one, other])
    assert [text for _, text, _ in reader.read] == ["To go.", "Or not to go."]
    assert [odds.tolist() for odds in (*first, *again)] == [[2.0], [3.0], [2.0], [3.0]]


def test_odds_that_were_not_asked_for_of_late_are_forgotten() -> None:
    reader = Reader("o")
    judge = remembering_judge(reader, most=2)
    for text in ("One.", "Two.", "One.", "So three.", "One.", "Two."):
        judge("Films?", [(text, ((0, len(text)),))])
    assert [text for _, text, _ in reader.read] == ["One.", "Two.", "So three.", "Two."]


def test_the_same_stretch_is_read_anew_for_another_question() -> None:
    reader = Reader("o")
    judge = remembering_judge(reader)
    for question in ("Films?", "Books?"):
        judge(question, [("To go.", ((0, 6),))])
    assert [question for question, *_ in reader.read] == ["Films?", "Books?"]
