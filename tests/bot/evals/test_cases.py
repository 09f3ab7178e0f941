"""Files of cases: read as they are meant, refused with the line of a mistake, and written so that they are read again."""

import json
import re
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.evals.cases
from bot.errors import InputError
from bot.evals.case_models import LONGEST_ID
from bot.evals.cases import dump, load, load_all
from bot.evals.records import Case, ExpectedCitation
from bot.types import Passage, Turn
from vectorstore.types import Stage

README = Path(bot.evals.cases.__file__).with_name("README.md")

SMALL = "- id: a\n  question: What is it?\n"


def write(folder: Path, text: str, name: str = "cases.yaml") -> Path:
    path = folder / name
    path.write_text(dedent(text), encoding="utf-8")
    return path


def loaded(folder: Path, text: str, name: str = "cases.yaml") -> tuple[Case, ...]:
    return tuple(replace(case, where="") for case in load(write(folder, text, name)))


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load(path)
    return caught.value


def test_the_smallest_case_judges_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, SMALL) == (Case("a", "What is it?"),)


def test_all_fields_are_read(tmp_path: Path) -> None:
    text = """
        - id: size
          question: "How many launched it?"
          history:
            - user: What is the alliance?
            - assistant: Leaders. [1]
          must: [127, a|b]
          must_not: no
          cites:
            - one.md
            - article: two.md
              words: launched by 127
          abstain: false
          notes: Why not.
          tags: number
    """
    history = (Turn("user", "What is the alliance?"), Turn("assistant", "Leaders. [1]"))
    cites = (ExpectedCitation("one.md"), ExpectedCitation("two.md", "launched by 127"))
    expected = Case(
        "size", "How many launched it?", history, ("127", "a|b"), ("no",), cites, False, "Why not.", ("number",)
    )  # fmt: skip
    assert loaded(tmp_path, text) == (expected,)


def test_json_lines_have_the_same_fields(tmp_path: Path) -> None:
    record = {"id": "a", "question": "And it?", "history": [["user", "What?"], ["assistant", "That."]], "must": [1979]}
    text = f"\n{json.dumps(record)}\n\n" + json.dumps({"id": "b", "question": "x\u2028y"}, ensure_ascii=False)
    history = (Turn("user", "What?"), Turn("assistant", "That."))
    assert loaded(tmp_path, text, "cases.jsonl") == (Case("a", "And it?", history, ("1979",)), Case("b", "x\u2028y"))


def test_a_case_knows_the_file_and_the_line_that_it_stands_in(tmp_path: Path) -> None:
    path = write(tmp_path, "# first\n\n- id: a\n  question: b\n\n- question: c\n  id: d\n")
    assert [case.where for case in load(path)] == [f"{path}:3", f"{path}:6"]


def test_a_case_of_json_lines_knows_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, '\n{"id": "a", "question": "b"}\n', "cases.jsonl")
    assert [case.where for case in load(path)] == [f"{path}:2"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_bytes(b"\xef\xbb\xbf- id: a\r\n  question: b\r\n")
    assert [(case.id, case.question) for case in load(path)] == [("a", "b")]


def test_a_field_with_nothing_in_it_is_left_out(tmp_path: Path) -> None:
    assert loaded(tmp_path, SMALL + "  must:\n  abstain:\n  notes: ~\n  tags: []\n") == (Case("a", "What is it?"),)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "the file must be a list of cases, not nothing"),
        ("[]", 1, "there is no case in the file"),
        ("# only this\n", 1, "the file must be a list of cases, not nothing"),
        ("id: a\nquestion: b\n", 1, "the file must be a list of cases, not fields"),
        ("- a", 1, "a case must be fields with values, not a text"),
        ("- id: a\n", 1, "the case has no `question`"),
        (SMALL + "- question: b\n", 3, "the case has no `id`"),
        (SMALL + "-\n  id:\n  question: b\n", 4, "the case has no `id`"),
        (SMALL + "  musst: x\n", 3, "a case has no field “musst”"),
        (SMALL + "  where: x\n", 3, "a case has no field “where”"),
        (SMALL + "  question: x\n", 3, "“question” is given twice in a case"),
        (SMALL + SMALL, 3, "the id “a” is that of the case in line 1"),
        ("- id: a\n  question: [b]\n", 2, "`question` must be a text, not a list"),
        ("- id: a\n  question: ' '\n", 2, "`question` is empty"),
        ('- id: "a\\nb"\n  question: c\n', 1, "the `id` must be a name in one line, of 100 characters at most"),
        (
            f"- id: {'a' * (LONGEST_ID + 1)}\n  question: c\n",
            1,
            "the `id` must be a name in one line, of 100 characters at most",
        ),
        (SMALL + "  must:\n    - x\n    - [y]\n", 5, "`must` must be a text, not a list"),
        (SMALL + "  must: [x, '']\n", 3, "`must` is empty"),
        (SMALL + "  must: x|\n", 3, "in “x|” nothing stands beside a bar"),
        (SMALL + "  must_not: {x: y}\n", 3, "`must_not` must be a text, not fields"),
        (SMALL + "  abstain: maybe\n", 3, "`abstain` must be true or false, not “maybe”"),
        (SMALL + "  notes: [x]\n", 3, "`notes` must be a text, not a list"),
        (SMALL + "  tags: [x, {y: z}]\n", 3, "`tags` must be a text, not fields"),
        (SMALL + "  cites:\n    - words: x\n", 4, "`cites` names no `article`"),
        (SMALL + "  cites:\n    - article: x\n      word: y\n", 5, "`cites` has no field “word”"),
        (SMALL + "  cites: [[x]]\n", 3, "`cites` must be fields with values, not a list"),
        (SMALL + "  history: before\n", 3, "a turn of `history` must name one role and what was said"),
        (SMALL + "  history:\n    - reader: x\n", 4, "a turn of `history` is by “reader”"),
        (SMALL + "  history: [{user: x, assistant: y}]\n", 3, "a turn of `history` must name one role and what was said"),
        (SMALL + "  history: [{user: [x]}]\n", 3, "a turn of `history` must be a text, not a list"),
        (SMALL + "  abstain: true\n  cites: x.md\n", 4, "the case wants no answer, yet citations"),
        (SMALL + "  must: [x, y]\n  must_not: y\n", 4, "“y” stands in `must` and in `must_not`"),
        (SMALL + "  notes: a: b\n", 3, "it is not YAML (mapping values are not allowed here)"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = write(tmp_path, text)
    assert refused(path).message == f"{path}, line {line}: {said}."


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"id": "a"', 1, "it is not JSON (Expecting ',' delimiter at character 11)"),
        ('{"id": "a", "question": "b"}\n[]', 2, "a case must be fields with values, not a list"),
        ('{"id": "a", "id": "b", "question": "c"}', 1, "“id” is given twice in a case"),
        ('{"id": "a", "question": "\\ud800"}', 1, "`question` is not valid Unicode"),
        ('{"id": "a", "question": "b", "history": [["user"]]}', 1, "a turn of `history` must name one role and what was said"),
        ("\n\n", 1, "there is no case in the file"),
    ],
)
def test_a_mistake_in_json_lines_is_told_with_its_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = write(tmp_path, text, "cases.jsonl")
    assert refused(path).message == f"{path}, line {line}: {said}."


def test_what_to_do_is_told_with_every_mistake(tmp_path: Path) -> None:
    told = refused(write(tmp_path, SMALL + "  musst: x\n")).help
    assert told == "It takes abstain, checks, cites, given, history, id, must, must_not, notes, question, split and tags."


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    error = refused(write(tmp_path, SMALL, "cases.txt"))
    assert (error.message, error.help) == (
        f"{tmp_path / 'cases.txt'} is no file of cases.",
        "Cases stand in a .yaml or a .jsonl file.",
    )


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    assert refused(path).message == f"The cases in {path} cannot be read: No such file or directory."


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_bytes(b"- id: a\n  question: caf\xe9\n")
    assert refused(path).message == f"{path}, line 2: it is not valid UTF-8."


def test_several_files_are_one_set(tmp_path: Path) -> None:
    paths = [write(tmp_path, SMALL, "one.yaml"), write(tmp_path, '{"id": "b", "question": "c"}', "two.jsonl")]
    assert [case.id for case in load_all(paths)] == ["a", "b"]


def test_an_id_that_two_files_share_is_refused(tmp_path: Path) -> None:
    paths = [write(tmp_path, SMALL, "one.yaml"), write(tmp_path, SMALL, "two.yaml")]
    with pytest.raises(InputError) as caught:
        load_all(paths)
    assert caught.value.message == f"The id “a” stands in {paths[0]}:1 and in {paths[1]}:1."


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SAID = TEXT.filter(str.strip)
WORDS = SAID.filter(lambda one: all(part.strip() for part in one.split("|")))
ID = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12).filter(str.isprintable)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
PLACE = st.integers(0, 10**12)
PASSAGE = st.builds(
    Passage,
    n=st.just(1),
    article=SAID,
    title=TEXT,
    author=TEXT,
    date=TEXT,
    start=PLACE,
    end=PLACE,
    text=SAID,
    score=NUMBER,
    stages=st.dictionaries(SAID, st.builds(Stage, PLACE, NUMBER), max_size=2),
    sentences=st.lists(st.tuples(PLACE, PLACE), max_size=2).map(tuple),
    evidence=st.lists(NUMBER, max_size=2).map(tuple),
    source=TEXT,
    also=st.lists(SAID, max_size=2).map(tuple),
)
TURN = st.builds(Turn, st.sampled_from(["user", "assistant"]), TEXT)
CASE = st.builds(
    Case,
    id=ID,
    question=SAID,
    history=st.lists(TURN, max_size=2).map(tuple),
    must=st.lists(WORDS, max_size=2).map(tuple),
    cites=st.lists(st.builds(ExpectedCitation, SAID, TEXT), max_size=2).map(tuple),
    abstain=st.sampled_from([None, False]),
    notes=TEXT,
    tags=st.lists(SAID, max_size=2).map(tuple),
    given=st.none() | st.lists(PASSAGE, max_size=1).map(tuple),
)


@given(cases=st.lists(CASE, min_size=1, max_size=3, unique_by=lambda case: case.id))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, cases: list[Case]) -> None:
    path = tmp_path_factory.getbasetemp() / "written.yaml"
    path.write_bytes(dump(cases).encode())
    assert [replace(case, where="") for case in load(path)] == cases


def test_what_is_written_is_easily_edited() -> None:
    case = Case(
        "year",
        "When?",
        (Turn("user", "What?"),),
        ("1957",),
        cites=(ExpectedCitation("a.md"), ExpectedCitation("b.md", "in 1957")),
    )
    assert dump([case, Case("other", "Who?", abstain=True)]) == dedent("""\
        - id: year
          question: When?
          history:
            - user: What?
          must:
            - '1957'
          cites:
            - a.md
            - article: b.md
              words: in 1957

        - id: other
          question: Who?
          abstain: true
        """)


def test_lines_are_written_as_lines() -> None:
    assert dump([Case("a", "What?", notes="One.\n\nTwo: three.")]).endswith("  notes: |-\n    One.\n\n    Two: three.\n")


def test_the_example_of_the_docstring_is_read(tmp_path: Path) -> None:
    lines = (bot.evals.cases.__doc__ or "").splitlines()
    example = "\n".join(line[4:] for line in lines if line.startswith("    ") or not line)
    example, _, shared = example.partition("defaults:")
    assert [len(case.checks) for case in loaded(tmp_path, f"defaults:{shared}")] == [2]
    found = loaded(tmp_path, example)
    assert [case.id for case in found] == ["sputnik-year", "alliance-size", "sputnik-weight"]
    assert found[1].must == ("127|one hundred and twenty-seven",)


def test_the_examples_of_the_readme_are_read(tmp_path: Path) -> None:
    examples = re.findall(r"```(yaml|jsonl)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    found = [loaded(tmp_path, text, f"cases.{kind}") for kind, text in examples]
    assert [case.question for case in found[0]] == [
        "When was Sputnik launched?",
        "How many leaders launched it?",
        "How heavy was Sputnik?",
    ]
    assert found[1][0].history == (Turn("user", "When was Sputnik launched?"), Turn("assistant", "In 1957. [1]"))


def test_the_readme_names_every_field() -> None:
    table = re.findall(r"^\| `(\w+)`", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(table) == {field for field in Case.__dataclass_fields__ if field != "where"}
