"""The tests' own names: short enough to be read in a list, and each file's its own, as pytest asks; and where marked ones lie.

`python tests/test_naming_of_tests.py` prints the names that are too long.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
LONGEST = 69


def too_long() -> Iterator[str]:
    """FILE: NAME of each test whose name has 70 characters or more."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name) > LONGEST:
                yield f"{file.relative_to(TESTS)}: {node.name}"


def test_each_test_file_has_a_name_of_its_own() -> None:
    names = Counter(file.name for file in TESTS.rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []


def test_each_test_has_a_name_under_70_characters() -> None:
    assert list(too_long()) == []


@pytest.mark.parametrize(("mark", "folder"), [("browser", "e2e"), ("servers", "vectorstore")])
def test_make_test_finds_all_tests_of_a_kind_in_their_folder(mark: str, folder: str) -> None:
    marked = {file for file in TESTS.rglob("test_*.py") if f"pytest.mark.{mark}\n" in file.read_text(encoding="utf-8")}
    assert marked, mark
    assert [file for file in marked if not file.is_relative_to(TESTS / folder)] == []
    assert f"-m {mark} -o testpaths=tests/{folder}\n" in (TESTS.parent / "Makefile").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in too_long())
