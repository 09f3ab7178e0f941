"""JSON lines -> one article a line."""

import json
from collections.abc import Iterator
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.columns import with_set_columns
from vectorstore.readers.encodings import DetectedEncoding
from vectorstore.readers.field_names import NAMES, keys_by_name
from vectorstore.readers.fields import article_fields, build_article, first_title
from vectorstore.readers.files import (
    FAILURES_NAMED,
    decode_text,
    is_binary,
    left_out,
    megabytes,
    open_text_file,
    regular_size,
    storable,
    with_lf,
)
from vectorstore.types import Article, Failure

# The mark of UTF-32 in little-endian order begins with the first of these.
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"


def read_jsonl(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The articles of the lines, which are read one by one: the file may have any size, each line up to `max_bytes`.

    A line is an object with `text` and, if it likes, `id`, `title`, `author`, `translator`, `date`, `source` or `url`; the rest
    becomes metadata. Without an `id` it is `where#N` for the Nth line that is not blank, and plain `where` for the first.
    """
    seen: set[str] = set()
    failures = 0
    encoding: DetectedEncoding | None = None
    for line, article, raw in _lines(path, max_bytes):
        try:
            data, was = raw, encoding
            if not _is_utf8(raw) and len(raw) <= max_bytes:
                # Told once for the file, as one line is too short to tell it by.
                encoding = encoding or _encoding(path)
                data = raw.decode(encoding.codec, "replace").encode() if encoding else raw
            if encoding is not was and encoding:
                yield Failure(
                    where, f"The lines that are not UTF-8 were read as {encoding.name}, in which their bytes make sense."
                )
            found, notes = _article(data, path, where if article == 1 else f"{where}#{article}", max_bytes)
            if found.id in seen:
                raise ReadError(
                    f"An earlier line has the same id “{found.id}”; this line was left out. Give each line its own id."
                )
        except Exception as error:  # whatever one line holds, the others are read
            failures += 1
            if failures <= FAILURES_NAMED:
                yield Failure(f"{where}, line {line}", left_out(error, "line"))
            continue
        seen.add(found.id)
        yield found
        yield from (Failure(f"{where}, line {line}", note, taken=True) for note in notes)
    if failures > FAILURES_NAMED:
        yield Failure(where, f"{failures - FAILURES_NAMED} more lines of this file could not be read either.")
    if not seen and not failures:
        raise ReadError("The file is empty.")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _encoding(path: Path) -> DetectedEncoding | None:
    """The encoding of the lines that are not UTF-8, told by the first of them together."""
    from vectorstore.readers.encodings import SAMPLE_BYTES, detected_encoding

    # The first megabyte is enough to find lines that are not UTF-8, if the file has them.
    with path.open("rb") as file:
        lines = [line for line in file.read(50 * SAMPLE_BYTES).split(b"\n") if not _is_utf8(line)]
    return detected_encoding(b"\n".join(lines)[:SAMPLE_BYTES])


def _lines(path: Path, max_bytes: int) -> Iterator[tuple[int, int, bytes]]:
    """Each line that is not blank: its number in the file, its number among those, its bytes (cut when they are too many)."""
    regular_size(path)
    article = 0
    for number, line in enumerate(_raw_lines(path, max_bytes), start=1):
        if line.strip():
            article += 1
            yield number, article, line


def _raw_lines(path: Path, max_bytes: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        head = file.read(4096)
        # In UTF-16 a line end is two bytes, so such a file is decoded whole; the limit of a file holds for it then.
        # So is one with the line ends of the old Mac, in which the file would be one line.
        old_ends = b"\r" in head and b"\n" not in head
        if head.startswith(_UTF16_OR_32) or _is_wide(head) or (old_ends and regular_size(path) <= max_bytes):
            yield from open_text_file(path, max_bytes).text.encode("utf-8").split(b"\n")
            return
        if is_binary(head):
            raise ReadError("This is a binary file, not JSON lines.")
        file.seek(len(_UTF8_MARK) if head.startswith(_UTF8_MARK) else 0)
        # Two bytes more than allowed: a line that is too long shows by its length, and the line end takes two at most.
        while line := file.readline(max_bytes + 2):
            yield line
            # Whatever an overlong line has left is passed over without being held.
            while not line.endswith(b"\n") and (line := file.readline(1 << 20)):
                pass


def _is_wide(head: bytes) -> bool:
    """Whether it is JSON in UTF-16 without a mark, of which each second byte is zero."""
    return head[:4] in (b'{\x00"\x00', b'\x00{\x00"')


def _article(data: bytes, path: Path, otherwise: str, max_bytes: int) -> tuple[Article, list[str]]:
    """The article of one line and what is to be said about it; `ReadError` when it holds none."""
    if len(data.rstrip(b"\r\n")) > max_bytes:
        raise ReadError(f"The line has more than {megabytes(max_bytes)}; it was left out. Cut its text into several articles.")
    fields = with_set_columns(_object(data))
    given = fields.pop(_text_key(fields), None)
    if given is None:
        raise ReadError("The line has no `text`; it was left out.")
    if not isinstance(given, str):
        raise ReadError("The `text` of the line is not a string; it was left out.")
    if not given.strip():
        raise ReadError("The `text` of the line is empty; it was left out.")
    name = _id(fields.pop("id", None), otherwise)
    # A mark at the head of the text is left over from a file, and none of its characters.
    came = with_lf(given.removeprefix("\ufeff"))
    text = storable(came)
    stated = article_fields(fields, text)
    replaced = ["Its text held characters that cannot be stored (NUL or half a surrogate pair); each is now “\ufffd”."]
    return build_article(name, text, path, stated, first_title(text, name)), [
        *(replaced if text != came else []),
        *stated.notes,
    ]


def _text_key(fields: dict[str, object]) -> str:
    """The key of the text: `text`, else the first of the names that other programs give it."""
    keys = {} if "text" in fields else keys_by_name(fields)
    return next((keys[name] for name in NAMES["text"] if isinstance(fields.get(keys.get(name, "")), str)), "text")


def _object(data: bytes) -> dict[str, object]:
    try:
        found = json.loads(decode_text(data.rstrip()))
    except json.JSONDecodeError as error:
        raise ReadError(f"The line is not valid JSON ({error.msg} at column {error.colno}); it was left out.") from None
    except (ValueError, RecursionError):
        raise ReadError(
            "The line is JSON that cannot be read (nested too deeply, or a number too long); it was left out."
        ) from None
    if not isinstance(found, dict):
        raise ReadError('The line is no JSON object like {"id": ..., "text": ...}; it was left out.')
    return found


def _id(given: object, otherwise: str) -> str:
    """The stated id as a string; `otherwise` when there is none."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return otherwise
    # `True` is a number in Python, but not as an id.
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ReadError("The `id` of the line is neither a string nor a number; it was left out.")
    return storable(str(given))
