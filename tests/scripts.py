"""Checks the scripts of the page's components with the TypeScript compiler: `python -m tests.scripts`, a part of `make check`.

The compiler comes with the package `deno` and asks no network. A script is checked as the browser gets it: its own words,
what all components share, its parts and its own file as one module. What Python sends to it is a TypedDict; each of these is an
interface for the compiler, so a script that reads a key which is not sent, or words that are not there, does not pass.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import types
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from deno import find_deno_bin

from bot.ui.components.mounting import component_script

COMPONENTS = Path(__file__).parents[1] / "bot" / "ui" / "components"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", object: "unknown"}
OPTIONS = {"compilerOptions": {"checkJs": True, "strict": False, "lib": ["dom", "dom.iterable", "esnext"]}}
REFERENCE = '/// <reference path="./data.d.ts" />\n'
SHARED = """
interface Component<Data> {
  data: Data;
  parentElement: any;
  setTriggerValue: (name: string, value: unknown) => void;
}
"""


def main() -> int:
    """The compiler's status: 0 where no script has a fault."""
    found = dict(scripts())
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "deno.json").write_text(json.dumps(OPTIONS), encoding="utf-8")
        Path(folder, "data.d.ts").write_text(SHARED + "\n".join(interfaces()), encoding="utf-8")
        for name, parts in found.items():
            Path(folder, f"{name}.js").write_text(REFERENCE + component_script(name, *parts), encoding="utf-8")
        command = [find_deno_bin(), "check", "--quiet", *(f"{name}.js" for name in found)]
        quiet = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": folder, "NO_COLOR": "1"}
        done = subprocess.run(command, cwd=folder, env=os.environ | quiet, check=False, capture_output=True, text=True)
    faults = re.sub(r"file://\S*/(\w+)\.js:(\d+)", lambda at: line_of(at[1], int(at[2]), found[at[1]]), done.stderr)
    sys.stderr.write(faults)
    sys.stdout.write(f"{len(found)} scripts checked\n")
    return done.returncode


def line_of(name: str, line: int, parts: Sequence[str]) -> str:
    """The file that a line of a whole script comes from, and its number there."""
    line -= 2  # the reference and the words
    for path in ("shared", *parts, f"{name}/{name}"):
        file = COMPONENTS / f"{path}.js"
        length = len(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else 0
        if line <= length:
            return f"{file.relative_to(COMPONENTS.parents[2])}:{line}"
        line -= length
    return name


def scripts() -> Iterator[tuple[str, list[str]]]:
    """Each component that is mounted anywhere, and the files that are put before its own."""
    for path in sorted(COMPONENTS.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {ast.unparse(one.targets[0]): one.value for one in tree.body if isinstance(one, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "component":
                values = [named[ast.unparse(one.value)] if isinstance(one, ast.Starred) else one for one in node.args]
                name, *parts = (ast.literal_eval(one) for one in values)
                yield name, [part for one in parts for part in ([one] if isinstance(one, str) else one)]


def interfaces() -> Iterator[str]:
    """The data of the components as TypeScript has them; what has the name of another one is left out."""
    seen = dict[str, type]()
    for path in sorted(COMPONENTS.rglob("*.py")):
        module = import_module(".".join(path.relative_to(COMPONENTS.parents[2]).with_suffix("").parts))
        waiting = [found for found in vars(module).values() if is_typeddict(found)]
        while waiting:
            found = waiting.pop()
            if found.__name__ in seen:
                continue
            seen[found.__name__] = found
            hints = get_type_hints(found)
            waiting += [part for hint in hints.values() for part in parts_of(hint) if is_typeddict(part)]
            fields = "".join(f"  {key}: {written(hint)};\n" for key, hint in hints.items())
            yield f"interface {found.__name__} {{\n{fields}}}\n"


def parts_of(hint: object) -> Iterator[type]:
    """A type and all that it is made of."""
    yield hint  # type: ignore[misc]
    for part in get_args(hint):
        yield from parts_of(part)


def written(hint: object) -> str:
    """A type in TypeScript's words."""
    if hint in PLAIN:
        return PLAIN[hint]  # type: ignore[index]
    if is_typeddict(hint):
        return hint.__name__  # type: ignore[attr-defined, no-any-return]
    of = get_args(hint)
    match get_origin(hint):
        case origin if origin is Literal:
            return " | ".join(map(json.dumps, of))
        case origin if origin in (Union, types.UnionType):
            return " | ".join(map(written, of))
        case origin if origin is list:
            return f"({written(of[0])})[]"
        case origin if origin is dict:
            return f"Record<string, {written(of[1])}>"
    raise TypeError(f"no type of a script stands for {hint}")


if __name__ == "__main__":
    sys.exit(main())
