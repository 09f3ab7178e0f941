"""An answer's text on a terminal, which takes thoughts back, and in a pipe, which is given none."""

import fcntl
import io
import os
import struct
import sys
import termios
from collections.abc import Iterator

import pytest

from bot.commands.output import Output
from bot.commands.streamed_text import StreamedText

ROWS, COLUMNS = 5, 20
END = "\0"


class Terminal:
    """A terminal of 5 rows of 20 columns, and what was written to it."""

    def __init__(self) -> None:
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._file = os.fdopen(slave, "w", encoding="utf-8")
        self.output = Output(self._file, sys.stderr)

    def written(self) -> str:
        """What was written since the last look."""
        self._file.flush()
        # The kernel may hand over what was written bit by bit: a byte of our own, which no answer has, tells that all is there.
        self._file.write(END)
        self._file.flush()
        got = b""
        while not got.endswith(END.encode()):
            got += os.read(self._master, 10_000)
        return got.decode().removesuffix(END).replace("\r\n", "\n")

    def close(self) -> None:
        """Closes both ends."""
        self._file.close()
        os.close(self._master)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv("TERM", "xterm")
    opened = Terminal()
    yield opened
    opened.close()


def test_a_terminal_shows_each_piece_at_once(terminal: Terminal) -> None:
    text = StreamedText(terminal.output)
    text.add("In ")
    assert terminal.written() == "In "
    text.add("1932.")
    text.end()
    assert terminal.written() == "1932."


@pytest.mark.parametrize(
    ("thoughts", "wiped"),
    [
        ("Let me see.", "\r\x1b[J"),
        ("x" * COLUMNS, "\r\x1b[J"),
        ("x" * (COLUMNS + 1), "\r\x1b[1A\x1b[J"),
        ("One.\n\nTwo.", "\r\x1b[2A\x1b[J"),
        ("冰" * 11, "\r\x1b[1A\x1b[J"),
    ],
)
def test_a_terminal_wipes_the_rows_of_what_is_taken_back(terminal: Terminal, thoughts: str, wiped: str) -> None:
    text = StreamedText(terminal.output)
    text.add(thoughts)
    terminal.written()
    text.retract()
    text.add("In 1932.")
    assert terminal.written() == f"{wiped}In 1932."


def test_thoughts_that_have_left_the_screen_are_told_to_be_thoughts(terminal: Terminal) -> None:
    text = StreamedText(terminal.output)
    text.add("Hm.\n" * ROWS)
    terminal.written()
    text.retract()
    assert terminal.written() == "\r\x1b[4A\x1b[J(So far the model thought aloud. Its answer:)\n\n"


def test_what_is_no_terminal_gets_the_text_once_all_of_it_has_come() -> None:
    text = StreamedText(Output(out := io.StringIO(), sys.stderr))
    text.add("Let me see.")
    text.retract()
    text.add("In 1932.")
    assert out.getvalue() == ""
    text.end()
    assert out.getvalue() == "In 1932."


def test_a_terminal_that_obeys_no_codes_gets_none(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    text = StreamedText(terminal.output)
    text.add("Let me see.")
    text.retract()
    text.add("In 1932.")
    text.end()
    assert terminal.written() == "In 1932."
