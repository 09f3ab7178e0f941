"""What a question asks of the collection or the program, with the real encoder and the examples that ship."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.answering.collection.intents import OTHER, Example, Floats, IntentRecogniser, RecognisedIntent, shipped_examples

HERE = Path(__file__).parent


def utterances(file: str) -> list[tuple[str, str]]:
    read = tomllib.loads((HERE / file).read_text())
    return [(intent, text) for intent, texts in read.items() for text in texts]


def asked(recogniser: IntentRecogniser, text: str) -> RecognisedIntent:
    found = recogniser.recognise(text)
    assert found is not None
    return found


@pytest.mark.parametrize("file", ["utterances.toml", "unseen.toml"])
def test_no_utterance_that_measures_is_an_example_too(file: str) -> None:
    shipped = {one.text for one in shipped_examples()}
    same = [text for _, text in utterances(file) if Example("", "en", text).text in shipped]
    # Greetings and the like have only so many forms.
    assert len(same) <= 0.25 * len(utterances(file))


@pytest.mark.parametrize("file", ["utterances.toml", "unseen.toml"])
def test_most_utterances_are_recognised(recogniser: IntentRecogniser, file: str) -> None:
    wanted = [(intent, text) for intent, text in utterances(file) if intent != OTHER]
    right = [(found := recogniser.recognise(text)) is not None and found.intent == intent for intent, text in wanted]
    assert np.mean(right) >= 0.8


@pytest.mark.parametrize("file", ["utterances.toml", "unseen.toml"])
def test_few_questions_for_the_text_are_taken_for_ones_of_the_catalog(recogniser: IntentRecogniser, file: str) -> None:
    others = [text for intent, text in utterances(file) if intent == OTHER]
    assert np.mean([recogniser.recognise(text) is not None for text in others]) <= 0.2


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("What is the latest?", "What is the latest missile?"),
        ("How many articles are there?", "How many articles does the treaty have?"),
        ("Who wrote about the treaty?", "Who wrote the treaty?"),
        ("What can you do?", "What can the minister do?"),
        ("Who made you?", "Who made the treaty?"),
        ("hi", "hi, who launched the alliance?"),
    ],
)
def test_what_names_something_in_the_text_is_left_to_the_search(recogniser: IntentRecogniser, mine: str, other: str) -> None:
    assert recogniser.recognise(mine) is not None
    assert recogniser.recognise(other) is None


def test_what_is_named_is_kept_as_the_reader_wrote_it(recogniser: IntentRecogniser) -> None:
    found = asked(recogniser, "Which articles are about the Space Race?")
    assert (found.intent, found.named, found.as_author) == ("list", "Space Race", False)


def test_a_name_in_the_place_of_an_author_is_told_apart_from_a_subject(recogniser: IntentRecogniser) -> None:
    assert asked(recogniser, "How many are there by Ada Brandt?").as_author


def test_dates_are_taken_out_of_the_question(recogniser: IntentRecogniser) -> None:
    assert asked(recogniser, "Which articles are from 2019-05?").dates == ("2019-05",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Welche Artikel hast du?", "de"),
        ("¿Qué artículos tienes?", "es"),
        ("有哪些文章？", "zh"),
        ("どんな記事がありますか？", "ja"),
    ],
)
def test_the_language_is_that_of_the_example(recogniser: IntentRecogniser, text: str, language: str) -> None:
    found = asked(recogniser, text)
    assert (found.intent, found.language) == ("list", language)


def test_a_script_that_the_encoder_cannot_read_is_no_likeness(recogniser: IntentRecogniser) -> None:
    assert recogniser.recognise("谁发起了联盟？") is None


@pytest.mark.parametrize("text", ["", "   ", "?", "word " * 200])
def test_what_is_no_question_of_this_kind_by_its_length_is_none(recogniser: IntentRecogniser, text: str) -> None:
    assert recogniser.recognise(text) is None


def numbers(texts: Sequence[str]) -> Floats:
    made = np.random.default_rng(0).normal(size=(len(texts), 4))
    return np.asarray(made, np.float32)


def test_kept_vectors_are_read_instead_of_encoded_again(tmp_path: Path) -> None:
    calls: list[int] = []

    def encode(texts: Sequence[str]) -> Floats:
        calls.append(len(texts))
        return numbers(texts)

    examples = [Example("thanks", "en", "thanks"), Example("bye", "en", "bye")]
    for _ in range(2):
        IntentRecogniser(encode, examples, kept=tmp_path / "new" / "vectors.npy").recognise("thanks")
    # The question each time, the two examples once.
    assert sorted(calls) == [1, 1, 2]


def test_a_broken_file_of_kept_vectors_is_made_anew(tmp_path: Path) -> None:
    examples = [Example("thanks", "en", "thanks")]
    IntentRecogniser(numbers, examples, kept=tmp_path / "vectors.npy").recognise("thanks")
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"broken")
    IntentRecogniser(numbers, examples, kept=tmp_path / "vectors.npy").recognise("thanks")
    assert np.load(file).shape == (1, 4)
