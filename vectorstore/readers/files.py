"""Bytes on disk -> text, or a `ReadError` that says why not."""

import codecs
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import ReadError

MAX_BYTES = 50_000_000
"""A file over this size, and a line of a .jsonl file over it, is refused; plain text may be larger: see `large_text`."""

FAILURES_NAMED = 100
"""So many bad lines or records of one file are named; the rest is counted, so that no file floods the report."""

# In this order: the mark of UTF-32 in little-endian order begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Characters that no text holds; tabs, line ends, form feeds and the escape of terminals are none of them.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TextFile:
    """The text of a file, and what is to be said about how it was read."""

    text: str
    notes: tuple[str, ...] = ()


def open_text_file(path: Path, max_bytes: int) -> TextFile:
    """The file's text without its byte-order mark and with LF line ends; `ReadError` or `OSError` when there is none.

    A text that is not UTF-8 is read in the encoding that its bytes make sense in, and a note says which.
    """
    size = regular_size(path)
    if size > max_bytes:
        raise ReadError(f"The file has {megabytes(size)}; the limit is {megabytes(max_bytes)}. Cut it into smaller files.")
    found = detected_text(path.read_bytes())
    text = with_lf(found.text)
    if not text.strip():
        raise ReadError("The file is empty." if not size else "The file holds nothing but white space.")
    return TextFile(text, found.notes)


def detected_text(data: bytes) -> TextFile:
    """The text of bytes in whatever encoding they are, with its line ends as they are; `ReadError` for what is no text."""
    try:
        return TextFile(decode_text(data))
    except ReadError:
        # A mark is believed, also where what follows is broken.
        if any(data.startswith(mark) for mark, _ in BYTE_ORDER_MARKS):
            raise
        if mended := _mended_utf8(data):
            return mended
        # Loading the language model takes a moment, and hardly a file needs it.
        from vectorstore.readers.encodings import detected_encoding

        encoding = detected_encoding(data)
        # UTF-16 is full of NULs and so looks binary, but is text.
        if encoding is None or (is_binary(data) and not encoding.codec.startswith("utf_16")):
            raise
        return TextFile(data.decode(encoding.codec, "replace"), (encoding_note(encoding.name),))


def encoding_note(name: str) -> str:
    """What is said of a text in another encoding than UTF-8."""
    return f"The text is not UTF-8; it was read as {name}, in which its bytes make sense."


def mended_note(bad: int) -> str:
    """What is said of a text in UTF-8 with so many bytes that are none."""
    told = "byte that is" if bad == 1 else "bytes that are"
    return f"The text holds {bad} {told} not valid UTF-8; in their place stands “\ufffd”."


def marked_encoding(data: bytes) -> str:
    """The encoding that a byte-order mark tells, by the name under which Python takes the mark away; "" without one."""
    name = next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), "")
    return "utf-8-sig" if name == "utf-8" else name.removesuffix("-le").removesuffix("-be")


def _mended_utf8(data: bytes) -> TextFile | None:
    """UTF-8 with a few bytes that are none; None where they are too many to be a slip."""
    if is_binary(data):
        return None
    text = data.decode("utf-8", "replace")
    # The file may hold U+FFFD itself, which is no bad byte.
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    # Text in another encoding is hardly ever UTF-8 by chance, so nearly all of its characters beyond ASCII would be bad.
    if bad * 10 > sum(not character.isascii() for character in text):
        return None
    return TextFile(text, (mended_note(bad),))


def regular_size(path: Path) -> int:
    """Size in bytes; `ReadError` for what is no regular file: to open a pipe would wait for ever."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ReadError("This is not a regular file.")
    return status.st_size


def decode_text(data: bytes) -> str:
    """The text of `data`, which is UTF-8 unless a byte-order mark says UTF-16 or UTF-32; `ReadError` for anything else."""
    mark, encoding = next(((mark, name) for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), (b"", "utf-8"))
    body = data[len(mark) :]
    if encoding == "utf-8" and is_binary(body):
        raise ReadError("This is a binary file, not text.")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(_undecodable(body, error, encoding, len(mark))) from None
    if "\x00" in text:
        raise ReadError("This is a binary file, not text.")
    return text


def is_binary(data: bytes) -> bool:
    """Whether bytes that carry no UTF-16 mark are anything but text: a NUL, or many control characters at the beginning."""
    # Latin-1 gives each byte its own character, so bytes can be looked at with a pattern.
    head = data[:4096].decode("latin-1")
    return b"\x00" in data or len(_CONTROL.findall(head)) > len(head) / 10


def is_web_address(text: str) -> bool:
    """Whether this is an address of the web, and no path or other kind of origin."""
    return text.startswith(("http://", "https://"))


def with_lf(text: str) -> str:
    """CRLF and CR become LF; nothing else changes."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def storable(text: str) -> str:
    """The text with NULs and lone surrogates, which no database takes, replaced by U+FFFD; the length stays."""
    return _NOT_STORABLE.sub("\ufffd", text)


def printable(path: Path | str) -> str:
    """A path as text that can be stored: a byte of a name that is not UTF-8 becomes U+FFFD."""
    # Python has each byte of a name that is not UTF-8 as half a surrogate pair; `fsencode` gives the bytes back.
    return os.fsencode(path).decode("utf-8", "replace")


def megabytes(size: int) -> str:
    """A size for people: `52.4 MB`.

    >>> megabytes(52_400_000), megabytes(812)
    ('52.4 MB', '812 bytes')
    """
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size} bytes"


def left_out(error: Exception, what: str) -> str:
    """Why one input ("line", "file", "article") stays out, in a sentence; its error must not stop the others."""
    if isinstance(error, ReadError):
        return error.message
    if isinstance(error, RecursionError):
        reason = "is nested too deeply"
    elif isinstance(error, MemoryError):
        reason = "takes more memory than there is"
    else:
        # Only the first line, as some libraries add a page of context.
        first = (str(error).splitlines() or ["no reason given"])[0]
        reason = f"could not be read ({type(error).__name__}: {first})"
    return f"The {what} {reason}; it was left out."


def _undecodable(body: bytes, error: UnicodeDecodeError, encoding: str, skipped: int) -> str:
    name = encoding.removesuffix("-le").removesuffix("-be").upper()
    return f"The text is not valid {name}: byte {error.start + skipped + 1} is 0x{body[error.start]:02X}. Save it as UTF-8."
