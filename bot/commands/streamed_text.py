"""The text of an answer on its way to a person, which can be taken back: some models think aloud before they answer.

That a text was thoughts is known by what ends them ("</think>"), when all of it has been passed on. A terminal shows each piece
at once, and what turns out to be thoughts is wiped from it. A pipe or a file takes nothing back, so it gets the text once all
of it has come.

>>> import io, sys
>>> text = StreamedText(Output(out := io.StringIO(), sys.stderr))
>>> for act in (lambda: text.add("Let me see."), text.retract, lambda: text.add("In 1932."), text.end): act()
>>> out.getvalue()
'In 1932.'
"""

import os

from bot.answering.streamed import THOUGHT_ALOUD
from bot.commands.output import Output

_TAB = 8


class StreamedText:
    """The pieces of one text. `shown` is whether any of them was, or is held."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._screen = _screen_of(output)
        self._text = ""
        self.shown = False

    def add(self, piece: str) -> None:
        """Shows a piece, or holds it where nothing can be taken back."""
        self.shown = True
        self._text += piece
        if self._screen:
            self._output.piece(piece)

    def retract(self) -> None:
        """Takes back all that there is by now."""
        text, self._text = self._text, ""
        if self._screen and text:
            # The size when the text began: a window that was made smaller since would need another count.
            columns, lines = self._screen
            rows = _rows(text, columns)
            # Up to the row where the text began, or to the first of the screen, and all below it is wiped.
            self._output.out.write(f"\r\x1b[{min(rows, lines) - 1}A\x1b[J" if min(rows, lines) > 1 else "\r\x1b[J")
            # What has scrolled away cannot be wiped.
            if rows > lines:
                self._output.piece(THOUGHT_ALOUD.lstrip())

    def end(self) -> None:
        """Passes on what was held."""
        if not self._screen:
            self._output.piece(self._text)
        self._text = ""


def _screen_of(output: Output) -> tuple[int, int] | None:
    """The columns and lines of the terminal that is written to; None for what is no terminal, or one that obeys no codes."""
    try:
        if not output.out.isatty() or os.environ.get("TERM") == "dumb":
            return None
        columns, lines = os.get_terminal_size(output.out.fileno())
    except (OSError, ValueError):
        return None
    return (columns, lines) if columns and lines else None


def _rows(text: str, columns: int) -> int:
    """The rows of a screen that a text takes, the one in which it ends among them."""
    from rich.cells import cell_len

    return sum(1 + max(0, cell_len(line.expandtabs(_TAB)) - 1) // columns for line in text.split("\n"))
