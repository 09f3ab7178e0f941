"""`footnote check`: the best source and a verdict for each sentence of a text of one's own."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from bot.answering.tally import spent
from bot.commands.output import Output, checked_record, checked_tally, checked_text
from bot.errors import InputError
from bot.types import Checked
from bot.wiring.service import Service

LARGEST = 5_000_000
"""Bytes of the largest draft: a long book."""


def check(service: Service, output: Output, path: str, export: str = "") -> int:
    """Prints each sentence as it is checked; the exit code is 0 whatever the verdicts are.

    `export` names a file to write the draft with its verdicts to, in the form that the name's ending asks for.
    """
    if export and not Path(export).absolute().parent.is_dir():
        raise InputError(f"The folder of {export} is not there.", "Make it first, or name a file somewhere else.")
    draft = read(path)
    found: list[Checked] = []
    notes: list[str] = []
    for one in _checked(service, draft, notes):
        found.append(one)
        output.record(checked_record(one)) if output.as_json else output.say(checked_text(one) + "\n")
    for note in notes:
        output.warn(note)
    if not output.as_json:
        output.say(checked_tally(found))
    elif not found:
        output.warn(checked_tally(found))
    if export:
        _export(draft, found, export)
        output.warn(f"The draft with its verdicts is in {export}.")
    return 0


def _checked(service: Service, draft: str, notes: list[str]) -> Iterator[Checked]:
    """The sentences as they are checked; all at the end where a model is asked for its opinion of some of them."""
    if not service.chat.advises():
        yield from service.drafts.check(draft)
        return
    advice = service.drafts.advise(list(service.drafts.check(draft)))
    yield from advice.checked
    notes += [*filter(None, [advice.note]), *spent(advice.usage, {})]


def _export(draft: str, found: Sequence[Checked], file: str) -> None:
    from bot.conversation.history import draft_title
    from bot.export import DraftReport, draft_as_docx, draft_as_html, draft_as_markdown

    now, program = datetime.now().astimezone(), f"Footnote {version('footnote')}"
    spans = [(one.start, one.end) for one in found]
    report = DraftReport(draft_title(draft), draft, spans, dict(enumerate(found)), now, program=program)
    forms: Mapping[str, Callable[[DraftReport], str | bytes]]
    forms = {".html": draft_as_html, ".md": draft_as_markdown, ".docx": draft_as_docx}
    target = Path(file)
    written = forms[target.suffix.lower()](report)
    part = target.with_name(target.name + ".part")  # so that a file that is there is whole
    part.write_bytes(written if isinstance(written, bytes) else written.encode())
    part.replace(target)


def read(path: str) -> str:
    """The draft in a file, or on stdin for "-"; raises InputError. Line ends become plain ones, as in the stored articles."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if path == "-" else _bytes(Path(path))
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"The draft {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputError(f"The draft {path} is not UTF-8 text.", "Save it as plain text or Markdown in UTF-8.") from None
    if len(raw) > LARGEST:
        raise InputError(f"The draft {path} is larger than {LARGEST // 1_000_000} MB.", "Check it in parts.")
    if not text.strip():
        raise InputError(f"The draft {path} is empty.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)
