"""A prompt file's text: what it gives, what is refused with which line, and what is put into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptError
from bot.prompting import ModelSettings, parse_prompt, template_runs
from tests.bot.prompting.files import BODY, HEAD


def refused(text: str, name: str = "answer") -> str:
    with pytest.raises(PromptError) as caught:
        parse_prompt(text, name, "one")
    return caught.value.message


def test_what_is_put_in_is_not_read_again() -> None:
    rendered = parse_prompt(HEAD + BODY, "answer", "one").render({"passages": "$question $$ ${x}", "question": "Who?"})
    assert rendered[1][1] == "$question $$ ${x}\n\nWho?"


def test_two_dollars_are_one() -> None:
    rendered = parse_prompt(HEAD + BODY.replace("brief", "$$5"), "answer", "one").render({"passages": "", "question": ""})
    assert rendered[0][1] == "Be $5."


def test_an_empty_value_leaves_no_hole() -> None:
    rendered = parse_prompt(HEAD + BODY.replace("$passages", "A\n\n$passages"), "answer", "one").render(
        {"passages": "", "question": "Who?"}
    )
    assert rendered[1][1] == "A\n\nWho?"


def test_variables_are_told_from_the_text_around_them() -> None:
    assert template_runs("Ask $question, pay $$5 for ${passages}s.") == (
        ("Ask ", False),
        ("question", True),
        (", pay ", False),
        ("$", False),
        ("5 for ", False),
        ("passages", True),
        ("s.", False),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BODY, "line 1: front matter is missing"),
        ("---\ndescription: One.\n" + BODY, "line 1: the front matter has no end"),
        ("---\ndescription: [\n---\n" + BODY, "the front matter is broken, line"),
        ("---\n" + "[" * 1000 + "\n---\n" + BODY, "line 2: the front matter is nested too deeply"),
        ("---\n- one\n---\n" + BODY, "line 2: the front matter must be fields"),
        ("---\ndescription: One.\ntitle: One\n---\n" + BODY, "line 3: the front matter has title"),
        ("---\ndescription: One.\ndescription: Two.\n---\n" + BODY, "line 3: `description` stands there twice"),
        ("---\ndescription: [One]\nvariables: [passages, question]\n---\n" + BODY, "line 2: `description` must be text"),
        ("---\nvariables: passages\n---\n" + BODY, "line 2: `variables` must be a list"),
        (HEAD + "\nHello\n" + BODY, "line 6: text stands under no role"),
        (HEAD + "Hello", "line 5: text stands under no role"),
        (HEAD, "line 5: text stands under no role"),
        (HEAD + "# system\n\n# user\n$passages $question", "line 5: the role system is empty"),
        (HEAD + BODY + "# assistant\nYes.", "line 12: the last role must be user"),
        (HEAD + BODY.replace("brief", "$ 5"), "line 6: a lone $"),
        (HEAD + BODY.replace("Be brief", "\n\nBe $ 5"), "line 8: a lone $"),
        (HEAD + BODY + "{{ question }}", "line 12: {{ question }} is no variable here"),
        (HEAD + BODY + "a\0b", "line 12: a NUL character stands there"),
        (HEAD + BODY + "$pasages", "line 12: the variable $pasages is not known here"),
        (HEAD + BODY + "$conversation $conversation", "line 12: the variable $conversation is used, but not declared"),
        (
            HEAD.replace("question]", "question, conversation]") + BODY,
            "line 3: the variable $conversation is declared, but not",
        ),
        (
            HEAD.replace("passages, ", "") + BODY.replace("$passages", "x"),
            "line 3: the variable $passages is needed, but not used",
        ),
    ],
)
def test_a_fault_is_refused_with_its_file_and_place(text: str, told: str) -> None:
    message = refused(text)
    assert message.startswith("prompts/answer/one.md") and told in message


def with_field(line: str) -> str:
    return HEAD.replace("description: One.\n", f"description: One.\n{line}\n") + BODY


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse_prompt("\ufeff" + HEAD + BODY, "answer", "one") == parse_prompt(HEAD + BODY, "answer", "one")


def test_braces_of_another_kind_are_text() -> None:
    shown = parse_prompt(HEAD + BODY + 'Write {"a": {{"b"}}}.', "answer", "one")
    assert '{"a": {{"b"}}}' in shown.messages[-1][1]


def test_a_prompt_asks_nothing_of_the_model_by_itself() -> None:
    assert parse_prompt(HEAD + BODY, "answer", "one").settings == ModelSettings(None, None)


@pytest.mark.parametrize(
    ("line", "settings"),
    [
        ("temperature: 0", ModelSettings(temperature=0.0)),
        ("temperature: 0.25", ModelSettings(temperature=0.25)),
        ("max_tokens: 300", ModelSettings(max_tokens=300)),
        ("passages: 4", ModelSettings(passages=4)),
    ],
)
def test_settings_of_the_model_are_read(line: str, settings: ModelSettings) -> None:
    assert parse_prompt(with_field(line), "answer", "one").settings == settings


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("temperature: warm", "line 3: `temperature` must be a number from 0 to 2."),
        ("temperature: 2.5", "line 3: `temperature` must be a number from 0 to 2."),
        ("temperature: nan", "line 3: `temperature` must be a number from 0 to 2."),
        ("temperature: [1]", "line 3: `temperature` must be a number from 0 to 2."),
        ("temperature:", "line 3: `temperature` must be a number from 0 to 2."),
        ("max_tokens: 0", "line 3: `max_tokens` must be a whole number from 1 to 100000."),
        ("max_tokens: 12.5", "line 3: `max_tokens` must be a whole number from 1 to 100000."),
        ("max_tokens: 100001", "line 3: `max_tokens` must be a whole number from 1 to 100000."),
    ],
)
def test_a_setting_that_no_model_takes_is_refused_with_its_line(line: str, told: str) -> None:
    assert told in refused(with_field(line))


@pytest.mark.parametrize("value", ["yes", "2020-99-99", "12", "null"])
def test_what_is_said_of_a_prompt_is_text_whatever_yaml_makes_of_it(value: str) -> None:
    assert parse_prompt(with_field(f"message: {value}"), "answer", "one").message == value


def test_an_unused_prompt_knows_the_variables_that_it_declares() -> None:
    prompt = parse_prompt("---\nvariables: [text]\n---\n# user\n$text\n", "title", "one")
    assert prompt.variables == {"text"}


@given(st.text(alphabet="-#$ \n:[]{}ab\"'", max_size=60))
def test_any_text_is_a_prompt_or_is_refused_with_its_file(text: str) -> None:
    for whole in (text, HEAD + text, f"---\n{text}\n---\n{BODY}"):
        try:
            assert parse_prompt(whole, "answer", "one").messages
        except PromptError as error:
            assert error.message.startswith("prompts/answer/one.md")
