"""`footnote check`: the best source and a verdict for each sentence of a text of one's own."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answering.tally import spent
from bot.commands.arguments import add_command, file_ending_in
from bot.commands.ask import place_text
from bot.commands.output import CommandContext, indented
from bot.errors import InputError
from bot.json_records import checked_record
from bot.types import Checked
from bot.verification.verdicts import opinion_told

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands
    from bot.wiring import Service

LARGEST = 5_000_000
"""Bytes of the largest draft: a long book."""


def add_parser(commands: "Subcommands", common: argparse.ArgumentParser) -> None:
    """Adds the command."""
    about = "find the best source for each sentence of a text of your own, with a verdict"
    check = add_command(commands, common, "check", about)
    check.add_argument("draft", metavar="DRAFT", help="a text or Markdown file; - reads stdin")
    export = "also write the draft with its verdicts to a file: .html, .md, or .docx with a comment on each sentence"
    check.add_argument("--export", type=file_ending_in(".html", ".md", ".docx"), metavar="FILE", help=export)
    check.set_defaults(run=run)


def run(args: argparse.Namespace, context: CommandContext) -> int:
    """Prints each sentence as it is checked, and writes the file of `--export`; the exit code is 0 whatever the verdicts."""
    export, output = args.export, context.output
    # Checked before anything else: a check of a long draft takes minutes, and its file must not be lost at the end.
    if export and not Path(export).absolute().parent.is_dir():
        raise InputError(f"The folder of {export} is not there.", "Make it first, or name a file somewhere else.")
    draft = read_draft(args.draft)
    found: list[Checked] = []
    notes: list[str] = []
    with context.service() as service:
        for one in _checked(service, draft, notes):
            found.append(one)
            output.record(checked_record(one)) if output.as_json else output.say(checked_text(one) + "\n")
    for note in notes:
        output.warn(note)
    if not output.as_json:
        output.say(checked_tally(found))
    # In JSON nothing would be printed, and silence is taken for a failure.
    elif not found:
        output.warn(checked_tally(found))
    if export:
        _export(draft, found, export)
        output.warn(f"The draft with its verdicts is in {export}.")
    return 0


def _checked(service: "Service", draft: str, notes: list[str]) -> Iterator[Checked]:
    """The sentences as they are checked; all at the end where a model is asked for its opinion of some of them."""
    if not service.chat.advises():
        # Without a second opinion each sentence is printed as it comes.
        yield from service.drafts.check(draft)
        return
    advice = service.drafts.advise(list(service.drafts.check(draft)))
    yield from advice.checked
    notes += [*filter(None, [advice.note]), *spent(advice.usage, {})]


def _export(draft: str, found: Sequence[Checked], file: str) -> None:
    from importlib.metadata import version

    from bot.conversation.history import draft_title
    from bot.export import DraftReport, draft_as_docx, draft_as_html, draft_as_markdown

    now, program = datetime.now().astimezone(), f"Footnote {version('footnote')}"
    # The report draws the whole text, with the sentences that were checked marked in it.
    spans = [(one.start, one.end) for one in found]
    report = DraftReport(draft_title(draft), draft, spans, dict(enumerate(found)), now, program=program)
    forms: Mapping[str, Callable[[DraftReport], str | bytes]]
    forms = {".html": draft_as_html, ".md": draft_as_markdown, ".docx": draft_as_docx}
    target = Path(file)
    written = forms[target.suffix.lower()](report)
    part = target.with_name(target.name + ".part")  # so that a file that is there is whole
    part.write_bytes(written if isinstance(written, bytes) else written.encode())
    part.replace(target)


def read_draft(path: str) -> str:
    """The draft in a file, or on stdin for "-"; raises InputError. Line ends become plain ones, as in the stored articles."""
    try:
        # One byte more than may be, which tells a draft that is too large from one that just fits.
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


def checked_text(one: Checked) -> str:
    """A sentence of a draft for people: its verdict, itself, and what it rests on."""
    head = f"{one.verdict.upper()}: {one.text}"
    if (source := one.source) is None:
        return head
    why = f"\n  {source.reason}" if source.reason else ""
    # Without words that bear on the sentence, the source is only what came nearest.
    label = "" if source.quote else "nearest: "
    words = f"\n{indented(source.quote)}" if source.quote else ""
    opinion = f"\n  {opinion_told(one.opinion)}" if one.opinion else ""
    against = f"\n  against it:\n{indented(one.against.quote)}" if one.against else ""
    return f"{head}{why}\n  {label}{source.title} ({place_text(source)}){words}{against}{opinion}"


def checked_tally(found: Sequence[Checked]) -> str:
    """How the sentences of a draft came out, in one line."""
    if not found:
        return "The draft holds no sentence that states anything."
    counts = Counter(one.verdict for one in found)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    return f"{len(found)} sentence{'' if len(found) == 1 else 's'} checked: {told}."
