"""YAML and JSON with their lines: values as they are written, and mistakes where they stand."""

import pytest

from bot.evals.file_models import Location, Mistake, TwiceNamed, Value, from_json, from_yaml


def value(text: str) -> Value:
    return from_yaml(text).value


@pytest.mark.parametrize("written", ["1979", "1_000", "0x10", "no", "2019-02-01", "1.50", "~x", "'null'", "0007"])
def test_a_value_in_yaml_is_taken_as_it_is_written(written: str) -> None:
    assert value(f"- {written}") == [written.strip("'")]


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_nothing_in_yaml_is_nothing(written: str) -> None:
    assert value(f"- {written}") == [None]


@pytest.mark.parametrize(
    ("at", "line"), [((), 2), (("a",), 2), (("b",), 4), (("b", 0), 4), (("b", 1), 5), (("a", 0), 2), (("c", "d"), 2)]
)
def test_yaml_knows_the_line_of_each_value(at: Location, line: int) -> None:
    assert from_yaml("# one\na: 1\nb:\n  - 2\n  - 3\n").line_of(at) == line


def test_the_name_of_a_field_has_a_line_of_its_own() -> None:
    (item,) = from_yaml("- a: 1\n  b:\n    - 2\n").items()
    assert (item.line_of(("b",), name=True), item.line_of(("b",))) == (2, 3)


def test_a_name_that_stands_twice_is_told_with_its_line() -> None:
    found = value("a: x\na: y")
    assert isinstance(found, TwiceNamed)
    assert (found.name, found.line) == ("a", 2)


def test_a_tag_builds_nothing() -> None:
    assert value("!!python/name:os.system x") == "x"


def test_an_alias_is_what_it_stands_for() -> None:
    assert value("- &one x\n- *one") == ["x", "x"]


def test_aliases_of_aliases_are_not_multiplied() -> None:
    lines = ["- &a0 [x]", *(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    found = value("\n".join(lines))
    assert isinstance(found, list)
    assert len(found) == 30


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("- a: 1\n- b: c: d", 2, "it is not YAML (mapping values are not allowed here)"),
        ("- a\n- 'open", 2, "it is not YAML (found unexpected end of stream)"),
        ("- one\n\ttwo: 3", 2, "it is not YAML (found character '\\t' that cannot start any token)"),
        ("- a\n- *b", 2, "it is not YAML (found undefined alias 'b')"),
        ("- a\n- \x07", 2, "a character that YAML does not allow stands there (#x0007)"),
        ("- a\n- &b [*b]", 2, "it holds itself"),
        ("a\n---\nb", 2, "it is not YAML (but found another document)"),
        ("- [a]: b", 1, "the name of a field must be a word"),
        ("[" * 5000, 1, "it is nested too deeply"),
    ],
)
def test_broken_yaml_is_told_with_its_line(written: str, line: int, said: str) -> None:
    with pytest.raises(Mistake) as caught:
        value(written)
    assert (caught.value.line, caught.value.message) == (line, said)


def test_json_is_taken_as_it_is_written_in_its_line() -> None:
    found = from_json('{"a": 1979, "b": [1.50, null, "x", NaN]}', 3)
    assert found.value == {"a": "1979", "b": ["1.50", None, "x", "NaN"]}
    assert found.line_of(("b", 3)) == 3


@pytest.mark.parametrize(
    ("written", "said"),
    [("{", "it is not JSON (Expecting property name"), ("[" * 100_000, "it is nested too deeply"), ("x", "it is not JSON")],
)
def test_broken_json_is_told_with_its_line(written: str, said: str) -> None:
    with pytest.raises(Mistake) as caught:
        from_json(written, 7)
    assert (caught.value.line, caught.value.message[: len(said)]) == (7, said)
