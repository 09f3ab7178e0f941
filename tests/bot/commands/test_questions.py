"""The questions of the batch form: every line is a question, or is said to be none and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.jsonlines import BadLine
from bot.commands.questions import QuestionInput, parse_questions
from bot.types import Question


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[]", "not an object"),
        (b'{"question": "Who?"}', '"id"'),
        (b'{"id": true, "question": "Who?"}', '"id"'),
        (b'{"id": "1"}', '"question" is missing or empty'),
        (b'{"id": "1", "question": " "}', '"question" is missing or empty'),
        (b'{"id": "1", "question": "\\ud800"}', "not valid Unicode"),
        (b'{"id": "1", "question": "Who?", "history": "x"}', '"history"'),
        (b'{"id": "1", "question": "Who?", "history": [["system", "x"]]}', '"history"'),
        (b'{"id": "1", "question": "Who?", "scope": ["a.md"]}', '"scope" must be an object'),
        (b'{"id": "1", "question": "Who?", "scope": {"article": "a.md"}}', '"scope" must be an object'),
        (b'{"id": "1", "question": "Who?", "scope": {"articles": "a.md"}}', '"articles" of its "scope"'),
        (b'{"id": "1", "question": "Who?", "scope": {"authors": [1]}}', '"authors" of its "scope"'),
        (b'{"id": "1", "question": "Who?", "scope": {"since": 2019}}', '"since" of its "scope"'),
        (b"[" * 100_000, "nested"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: bytes, reason: str) -> None:
    (found,) = parse_questions([line])
    assert isinstance(found, BadLine)
    assert reason in found.reason


def test_a_byte_order_mark_before_the_first_question_is_passed_over() -> None:
    assert list(parse_questions([b'\xef\xbb\xbf{"id": "1", "question": "Who?"}'])) == [QuestionInput("1", Question("Who?"))]


@given(st.lists(st.binary().filter(lambda line: b"\n" not in line and line.strip())))
def test_every_line_gives_exactly_one_result_whatever_its_bytes(lines: list[bytes]) -> None:
    assert len(list(parse_questions(lines))) == len(lines)
