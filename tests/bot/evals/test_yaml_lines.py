"""YAML and JSON with their lines: values as they are written, and mistakes where they stand."""

import pytest

from bot.evals.yaml_lines import (
    Fields,
    Items,
    Leaf,
    Mistake,
    Node,
    fields,
    flag,
    from_json,
    from_yaml,
    listed,
    number,
    text,
    whole,
)

NAMES = frozenset(("a", "b"))


def mistake(written: str, line: int = 7) -> Mistake:
    with pytest.raises(Mistake) as caught:
        from_json(written, line)
    return caught.value


def yaml_mistake(written: str) -> Mistake:
    with pytest.raises(Mistake) as caught:
        from_yaml(written)
    return caught.value


@pytest.mark.parametrize("written", ["1979", "1_000", "0x10", "no", "2019-02-01", "1.50", "~x", "'null'", "0007"])
def test_a_value_in_yaml_is_taken_as_it_is_written(written: str) -> None:
    assert from_yaml(f"- {written}") == Items(1, (Leaf(1, written.strip("'")),))


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_nothing_in_yaml_is_nothing(written: str) -> None:
    assert from_yaml(f"- {written}") == Items(1, (Leaf(1, None),))


def test_yaml_knows_the_line_of_each_value() -> None:
    assert from_yaml("# one\na: 1\nb:\n  - 2\n  - 3\n") == Fields(
        2, ((Leaf(2, "a"), Leaf(2, "1")), (Leaf(3, "b"), Items(4, (Leaf(4, "2"), Leaf(5, "3")))))
    )


def test_a_tag_builds_nothing() -> None:
    assert from_yaml("!!python/name:os.system x") == Leaf(1, "x")


def test_an_alias_is_what_it_stands_for() -> None:
    assert from_yaml("- &one x\n- *one") == Items(1, (Leaf(1, "x"), Leaf(1, "x")))


def test_aliases_of_aliases_are_not_multiplied() -> None:
    lines = ["- &a0 [x]", *(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    found = from_yaml("\n".join(lines))
    assert isinstance(found, Items)
    assert len(found.items) == 30


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
    found = yaml_mistake(written)
    assert (found.line, found.message) == (line, said)


def test_json_is_taken_as_it_is_written_in_its_line() -> None:
    found = from_json('{"a": 1979, "b": [1.50, true, null, "x", NaN]}', 3)
    values = (Leaf(3, "1.50"), Leaf(3, "true"), Leaf(3, None), Leaf(3, "x"), Leaf(3, "NaN"))
    assert found == Fields(3, ((Leaf(3, "a"), Leaf(3, "1979")), (Leaf(3, "b"), Items(3, values))))


@pytest.mark.parametrize(
    ("written", "said"),
    [("{", "it is not JSON (Expecting property name"), ("[" * 100_000, "it is nested too deeply"), ("x", "it is not JSON")],
)
def test_broken_json_is_told_with_its_line(written: str, said: str) -> None:
    found = mistake(written)
    assert (found.line, found.message[: len(said)]) == (7, said)


def refused(node: Node, read: str) -> str:
    readers = {"text": text, "whole": whole, "number": number, "flag": flag}
    with pytest.raises(Mistake) as caught:
        readers[read](node, "`it`")
    return caught.value.message


@pytest.mark.parametrize(
    ("read", "node", "said"),
    [
        ("text", Items(1, ()), "`it` must be a text, not a list"),
        ("text", Fields(1, ()), "`it` must be a text, not fields"),
        ("text", Leaf(1, None), "`it` is empty"),
        ("text", Leaf(1, " \n"), "`it` is empty"),
        ("text", Leaf(1, "\ud800"), "`it` is not valid Unicode"),
        ("whole", Leaf(1, "-1"), "`it` must be a whole number, not “-1”"),
        ("whole", Leaf(1, "1.5"), "`it` must be a whole number, not “1.5”"),
        ("whole", Leaf(1, "9" * 5000), f"`it` must be a whole number, not “{'9' * 5000}”"),
        ("whole", Items(1, ()), "`it` must be a text, not a list"),
        ("number", Leaf(1, "many"), "`it` must be a number, not “many”"),
        ("number", Leaf(1, "nan"), "`it` must be a number, not “nan”"),
        ("number", Leaf(1, "-inf"), "`it` must be a number, not “-inf”"),
        ("flag", Leaf(1, "perhaps"), "`it` must be true or false, not “perhaps”"),
    ],
)
def test_what_a_value_cannot_be_is_told(read: str, node: Node, said: str) -> None:
    assert refused(node, read) == said


@pytest.mark.parametrize(("written", "value"), [("true", True), ("Yes", True), ("false", False), ("no", False)])
def test_a_flag_is_read_in_the_words_of_yaml(written: str, value: bool) -> None:
    assert flag(Leaf(1, written), "it") is value


def test_numbers_are_read() -> None:
    assert (number(Leaf(1, "-1.5e3"), "it"), whole(Leaf(1, "012"), "it")) == (-1500.0, 12)


def test_a_field_that_holds_nothing_counts_as_left_out() -> None:
    assert fields(from_yaml("a:\nb: x"), "it", NAMES, "") == {"b": Leaf(2, "x")}


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("a: x\nc: y", 2, "it has no field “c”"),
        ("a: x\na: y", 2, "“a” is given twice in it"),
        ("- a", 1, "it must be fields with values, not a list"),
    ],
)
def test_fields_that_are_not_known_or_double_are_told(written: str, line: int, said: str) -> None:
    with pytest.raises(Mistake) as caught:
        fields(from_yaml(written), "it", NAMES, "")
    assert (caught.value.line, caught.value.message) == (line, said)


def test_the_fields_that_there_are_are_named() -> None:
    with pytest.raises(Mistake) as caught:
        fields(from_yaml("c: y"), "it", NAMES, "")
    assert caught.value.help == "It takes a and b."


def test_a_single_value_is_a_list_of_one() -> None:
    held = {"a": Leaf(1, "x"), "b": Items(1, (Leaf(1, "y"), Leaf(1, "z")))}
    assert [listed(held, name, text) for name in ("a", "b", "c")] == [("x",), ("y", "z"), ()]
