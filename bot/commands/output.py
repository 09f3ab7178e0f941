"""What a command is run with: where it writes, the settings, and how it opens the home."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from bot.json_records import Record
from vectorstore.readers import SUFFIXES, UNKNOWN_FORMAT
from vectorstore.types import Failure

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.wiring.engine import Progress
    from bot.wiring.service import Opener, Service

NAMED = 5
"""Files, or reasons, that are named one by one; more are counted, and all of them are in the JSON."""
ALIKE = 3
"""So many files that stayed out for one reason share a line."""

# An article may hold terminal escapes; they are shown as a mark and never obeyed.
_CONTROLS = {code: "\ufffd" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\n\t"}


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command writes: results to `out`, in JSON lines or for people, and all else to `err`.

    >>> import sys
    >>> Output(sys.stdout, sys.stderr, as_json=True).record({"id": "1", "verdict": "quoted"})
    {"id": "1", "verdict": "quoted"}
    """

    out: TextIO
    err: TextIO
    as_json: bool = False

    def record(self, record: Record) -> None:
        """One JSON line, at once, so that a reader at the other end of a pipe can begin."""
        # NaN is no JSON, and most programs refuse the whole line.
        self.out.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")
        self.out.flush()

    def say(self, text: str = "") -> None:
        """One or more lines for people."""
        self.out.write(text.translate(_CONTROLS) + "\n")

    def piece(self, text: str) -> None:
        """A part of a line, at once."""
        self.out.write(text.translate(_CONTROLS))
        self.out.flush()

    def warn(self, text: str) -> None:
        """A line on stderr, after all that was printed before it."""
        # Both may be the same terminal, where a complaint must not overtake the line it is about.
        self.out.flush()
        self.err.write(text.translate(_CONTROLS) + "\n")

    def note(self, text: str) -> None:
        """A line for people about what is going on: among the results, or on stderr where these are JSON."""
        self.warn(text) if self.as_json else self.say(text)
        self.flush()

    def flush(self) -> None:
        """Shows what was printed by now, which a pipe would otherwise hold back."""
        self.out.flush()
        self.err.flush()

    def working(self, what: str, done: int, of: int) -> None:
        """A line on stderr, written over by the next one, about work that nobody asked for but that has to be done first."""
        if self.err.isatty():
            end = "\n" if done >= of else ""
            print(f"\r{what}: {done:,} of {of:,}", end=end, file=self.err, flush=True)

    @contextmanager
    def progress(self) -> "Iterator[Progress | None]":
        """A bar on stderr while the block runs; None where nobody watches."""
        # A log file wants no bars; whoever is called then leaves out the work of telling.
        if not self.err.isatty():
            yield None
            return
        from rich.console import Console  # most runs show no bar
        from rich.progress import Progress as Bar

        with Bar(console=Console(file=self.err), transient=True) as bar:
            task = bar.add_task("Starting", total=None)
            yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total or None)


@dataclass(frozen=True, slots=True)
class CommandContext:
    """What the handler of a command gets beside its arguments; `debug` asks for tracebacks."""

    settings: "Settings"
    output: Output
    opener: "Opener"
    debug: bool = False

    def service(self) -> "AbstractContextManager[Service]":
        """Opens the home of the settings for a `with` block, and closes it after that, whatever happens."""
        return closing(self.opener(self.settings))


def indented(text: str) -> str:
    """The text set in under its heading."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def failure_text(failure: Failure) -> str:
    """What stayed out, or what is to be known of an article that went in, in a line for people."""
    told = "Note on" if failure.taken else "Passed over:" if failure.no_article else "Not taken in:"
    return f"{told} {failure.where}: {failure.reason}"


def failure_lines(failures: Iterable[Failure]) -> Iterator[str]:
    """A line for each failure, but one for all that stayed out for one reason; then the formats, where one was not known.

    A folder of notes has pictures in it, and a hundred lines about them would hide the one about the damaged document.
    """
    alike = by_reason(failures)
    for group in alike:
        one, files = group[0], f"{len(group)} {'file' if len(group) == 1 else 'files'}"
        if one.no_article:
            yield f"Passed over, {files}: {one.reason} {first_names([one.where for one in group])}"
        elif len(group) < ALIKE or one.taken:
            yield from map(failure_text, group)
        else:
            yield f"Not taken in, {files}: {one.reason} {first_names([one.where for one in group])}"
    if any(one.reason.endswith(UNKNOWN_FORMAT) for group in alike for one in group):
        yield f"Formats that can be read: {', '.join(SUFFIXES)}."


def by_reason(failures: Iterable[Failure]) -> list[list[Failure]]:
    """The failures in groups of one reason each, in the order in which the reasons came up."""
    alike: dict[tuple[bool, str], list[Failure]] = {}
    for one in failures:
        alike.setdefault((one.taken, one.reason), []).append(one)
    return list(alike.values())


def first_names(names: Sequence[str]) -> str:
    """The names, or the first of many and how many there are besides.

    >>> first_names(["a", "b"]), first_names(list("abcdefgh"))
    ('a, b', 'a, b, c, d, e and 3 more')
    """
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
