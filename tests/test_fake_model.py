"""The model that `make run FAKE_MODEL=1` plays: it answers from what it is sent, well and badly."""

import re

import pytest

from tests.fake_model import HOME, answer, environment

PASSAGES = """<passage number="1" title="The bridge" date="1931">
The bridge at Ner opened to traffic in May. It carries some 12 trains on every working day.
</passage>

<passage number="2" title="The harbour" author="A. Berg">
The harbour of Sund froze over in that long winter. Ships waited outside for many weeks.
</passage>"""
PROMPT = f"{PASSAGES}\n\n<question>When did it open?</question>"


def said(content: str) -> str:
    return answer([{"role": "system", "content": "Answer."}, {"role": "user", "content": content}])


def cited(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\[(\d+)\]", text)]


def test_each_passages_first_words_carry_its_number() -> None:
    text = said(PROMPT)
    assert text.startswith(
        "The bridge at Ner opened to traffic in May [1]. The harbour of Sund froze over in that long winter [2]."
    )


def test_one_number_stands_in_no_passage() -> None:
    assert "It carries some 19 trains on every working day [1]." in said(PROMPT)


def test_one_passage_was_never_given() -> None:
    assert cited(said(PROMPT))[-1] == 9


def test_with_nine_passages_it_is_the_tenth_that_was_never_given() -> None:
    nine = "\n".join(PASSAGES.split("\n\n", maxsplit=1)[0].replace('"1"', f'"{n}"') for n in range(1, 10))
    assert cited(said(f"{nine}\n<question>When?</question>"))[-1] == 10


def test_the_last_sentence_cites_nothing() -> None:
    assert cited(said(PROMPT).rpartition("].")[2]) == []


def test_a_prompt_without_passages_is_answered_with_its_last_line() -> None:
    assert said("Rewrite this question.\nWhen did it open?") == "When did it open?"


def test_a_prompt_without_a_question_is_answered_with_its_last_line() -> None:
    assert said(PASSAGES) == "</passage>"


def test_of_three_footnotes_the_last_is_forgotten() -> None:
    third = '<passage number="3" title="The road">\nThe road to Sund was paved with stones in one summer.\n</passage>'
    text = said(f"{PASSAGES}\n\n{third}\n\n<question>When did it open?</question>")
    assert "The road to Sund was paved with stones in one summer. " in text


def test_a_second_opinion_quotes_the_passage() -> None:
    claims = '<claim number="1" passages="2">\nIt froze.\n</claim>\n\n<claim number="2" passages="1">\nIt is old.\n</claim>'
    opinions = said(f"{PASSAGES}\n\n{claims}").splitlines()
    assert opinions == ["1 | The harbour of Sund froze over in that long winter. | Yes", "2 | - | No"]


def test_its_answers_are_kept_apart_from_the_readers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTNOTE_HOME", raising=False)
    assert environment("http://127.0.0.1:1")["FOOTNOTE_HOME"] == HOME != ".footnote"
    monkeypatch.setenv("FOOTNOTE_HOME", "mine")
    assert environment("http://127.0.0.1:1")["FOOTNOTE_HOME"] == "mine"
