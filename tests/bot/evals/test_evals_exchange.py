"""Cases in the files of other tools: what is written is read back as it was, and of others what can be had."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.errors import InputError
from bot.evals.cases import STARTER, dump_fields, load
from bot.evals.exchange import FORMATS, CaseFormat, read_cases, write_cases
from bot.evals.records import AnswerCheck, Case, ExpectedCitation
from bot.types import Turn

CASE = Case(
    "rich",
    "And “its” owner; who?",
    (Turn("user", "What of the bridge?"), Turn("assistant", "It opened in 1931. [1]")),
    ("1931|thirty-one", "Łódź"),
    ("tunnel",),
    (ExpectedCitation("bridge.md", "opened (in) 1931"), ExpectedCitation("harbour.md")),
    False,
    "Why: it is hard.",
    ("follow-up", "owner"),
    split="dev",
    checks=(
        AnswerCheck("contains", "bridge"),
        AnswerCheck("regex", r"\b19\d\d\b"),
        AnswerCheck("length", high=60),
        AnswerCheck("json_schema", '{"type": "object"}'),
        AnswerCheck("judge", "It is kind.", 0.5),
        AnswerCheck("similar", "In 1931.", 0.7),
    ),
)
DOCUMENTED = """\
# As in promptfoo's documentation.
prompts:
  - 'Answer this: {{question}}'
providers: [openai:gpt-4.1-mini]
defaultTest:
  assert:
    - type: cost
      threshold: 0.002
tests:
  - description: When it opened
    vars:
      question: When did the bridge open?
    assert:
      - type: contains
        value: '1931'
      - type: icontains
        value: BRIDGE
      - type: not-contains
        value: As an AI
      - type: not-icontains
        value: tunnel
      - type: regex
        value: '\\d{4}'
      - type: equals
        value: The bridge opened in 1931.
      - type: is-json
      - type: latency
        threshold: 5000
      - type: llm-rubric
        value: names the year
      - type: javascript
        value: output.length < 100
      - type: perplexity
        threshold: 1.5
  - vars:
      topic: the harbour
    assert:
      - type: contains-all
        value: [harbour, froze]
"""


def back(tmp_path: Path, form: CaseFormat, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    found = read_cases(write_cases(cases, form).text, form)
    path = tmp_path / "back.yaml"
    path.write_text(dump_fields(found.cases), encoding="utf-8")
    return tuple(replace(case, where="") for case in load(path))


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_is_read_back_as_it_was(tmp_path: Path, form: CaseFormat) -> None:
    cases = (CASE, *(replace(case, where="") for case in load(STARTER)))
    assert back(tmp_path, form, cases) == cases


def test_promptfoo_is_told_what_to_send_and_what_to_look_for() -> None:
    found = write_cases([CASE], "promptfoo", "http://127.0.0.1:9/v1/ask")
    assert found.left_out == ("rich: promptfoo has no counterpart of similar: In 1931..",)
    whole = yaml.safe_load(found.text)
    config = whole["providers"][0]["config"]
    assert config["url"] == "http://127.0.0.1:9/v1/ask" and set(config["body"]) == {"question", "history"}
    (test,) = whole["tests"]
    # In one text: promptfoo makes a test of each item of a list.
    assert json.loads(test["vars"]["history"])[0] == ["user", "What of the bridge?"]
    assert test["assert"][0] == {"type": "contains-any", "transform": "output.words", "value": [" 1931 ", " thirty one "]}
    assert test["assert"][1]["value"] == [" lodz "]


def test_promptfoos_documented_form_is_read(tmp_path: Path) -> None:
    found = read_cases(DOCUMENTED, "promptfoo")
    path = tmp_path / "cases.yaml"
    path.write_text(dump_fields(found.cases), encoding="utf-8")
    first, second = load(path)
    assert first.question == "When did the bridge open?" and second.question == "Answer this:"
    kinds = [check.kind for check in first.checks]
    assert kinds == ["cost", "contains", "regex", "not_contains", "regex", "regex", "regex", "json_schema", "latency", "judge"]
    assert first.checks[8].high == 5.0 and [check.text for check in second.checks[1:]] == ["harbour", "froze"]
    assert found.left_out == (
        "When-it-opened: javascript is code of promptfoo's and was not taken: write a function in a checks.py and name it with "
        "`python`.",
        "When-it-opened: Footnote has no check that does what perplexity does.",
    )
    assert "javascript is code of promptfoo's" in first.notes


def test_files_that_others_wrote_give_their_question_and_reference() -> None:
    csv = "\ufeffquestion;expected\nWhen?;In 1931.\nWho?;\n"
    assert read_cases(csv, "csv").cases == (
        {"id": "line-2", "question": "When?", "checks": [{"similar": "In 1931."}]},
        {"id": "line-3", "question": "Who?"},
    )
    langsmith = '{"inputs": {"question": "When?"}, "outputs": {"answer": "In 1931."}, "split": "test"}\n'
    assert read_cases(langsmith, "langsmith").cases[0]["split"] == "test"
    talk = [
        {"type": "human", "content": "What?"},
        {"type": "ai", "content": "A bridge."},
        {"type": "human", "content": "When?"},
    ]
    (sample,) = read_cases(json.dumps({"user_input": talk, "reference": "In 1931."}), "ragas").cases
    assert sample["question"] == "When?" and sample["history"] == [{"user": "What?"}, {"assistant": "A bridge."}]


@pytest.mark.parametrize(
    ("form", "text", "message"),
    [
        ("promptfoo", "a: [", "It is not YAML"),
        ("promptfoo", "tests: file://tests.yaml", "It has no list of `tests`."),
        ("langsmith", "{", "Line 1 is not JSON"),
        ("ragas", '{"response": "x"}', "Line 1 has no question."),
        ("csv", "a,b\n1,2\n", "Line 2 has no question."),
    ],
)
def test_what_holds_no_cases_is_refused(form: CaseFormat, text: str, message: str) -> None:
    with pytest.raises(InputError) as told:
        read_cases(text, form)
    assert message in told.value.message
