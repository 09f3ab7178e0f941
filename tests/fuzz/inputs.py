"""Inputs that are made to break readers: real examples with pieces cut out, doubled, moved, and hostile pieces put in."""

import io
from collections.abc import Sequence
from zipfile import BadZipFile, ZipFile

from hypothesis import strategies as st

HOSTILE = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae", "\u2028".encode(),
    "e\u0301".encode(), "𝟙½Ⅷ".encode(), b"'" * 5000, b"\n" * 5000, b" " * 5000, b"[" * 3000, b"(" * 3000,
    b"{" * 3000, b"<" * 3000, b"<b>" * 2000, b"<div>" * 3000, b"a" * 20_000, b"9" * 5000, b"1e999", b"-1",
    b"1" * 400+b".5", b"NaN", b"Infinity", b"0000-00-00", b"9999-99-99T99:99:99Z", b"---\n", b"\n---\n",
    b"```\n", b"$$", b"\\[", b"](", b"![", b"[1]", b"[1, 2-999]", "【1†x】".encode(), b"<sup>1</sup>",
    b"<think>", b"</think>", b"<|im_end|>", b"<img src=x onerror=y>", b"<script>", b"<!--", b"-->",
    b"<![CDATA[", b"]]>", b"&#0;", b"&#xD800;", b"&amp;" * 1000, b'<!DOCTYPE a [<!ENTITY b "cccc">]>', b"&b;",
    b"%s%n", b"${HOME}", b"$passages", b"{{question}}", b"../../etc/passwd", b"\\u0000", b'\\ud800',
    b'"' * 999, b",,,,", b"\t" * 999, b"|" * 2000, b"| a | b |\n|---|---|\n", b"# " * 1000, b"> " * 1000,
    b"- " * 1000, b"*" * 1001, b"_" * 1001, b"1 May 2020 " * 500, b"50 percent " * 500, b"not " * 1000,
    b"\\par " * 1000, b"\\'ff" * 999, b"{\\rtf1 ", b"\\bin99999999 ", b"\\u-32768?",
    b"00:00:00.000 --> 99:99:99.999\n", b"WEBVTT\n\n", b"\xc3" * 99, b"\r" * 999, b"\x1b[2J",
)  # fmt: skip
"""Pieces that have broken programs of this kind: too long, too deep, half a character, half a tag, other languages' zeros."""

Edit = tuple[str, int, int, bytes]
"""What is done, where and how far (thousandths of the text), and what is put in."""

_KINDS = ("put", "cut", "double", "move", "reverse")


def edits(most: int = 6) -> st.SearchStrategy[list[Edit]]:
    """A few edits; fewer are tried first, so that what fails is shown at its shortest."""
    piece = st.one_of(st.sampled_from(HOSTILE), st.binary(max_size=40), st.text(max_size=20).map(_encoded))
    place = st.integers(0, 1000)
    return st.lists(st.tuples(st.sampled_from(_KINDS), place, st.integers(0, 60), piece), min_size=1, max_size=most)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def edited_bytes(content: bytes, changes: Sequence[Edit]) -> bytes:
    """The content after these edits, one after the other.

    >>> edited_bytes(b"It rained.", [("cut", 200, 100, b""), ("put", 1000, 0, b"!")])
    b'Itrained.!'
    """
    for kind, place, size, piece in changes:
        start = len(content) * place // 1000
        end = min(len(content), start + max(1, len(content) * size // 1000))
        part = content[start:end]
        if kind == "put":
            content = content[:start] + piece + content[start:]
        elif kind == "cut":
            content = content[:start] + content[end:]
        elif kind == "double":
            content = content[:start] + part * 3 + content[end:]
        elif kind == "move":
            content = content[:start] + content[end:] + part
        else:
            content = content[:start] + part[::-1] + content[end:]
    return content


def edited_zip(content: bytes, changes: Sequence[Edit], member: int) -> bytes:
    """A packed file with the edits in one of its parts; as a whole, where it cannot be unpacked or `member` is 0.

    What is changed in the packed bytes themselves is found by a checksum, and never reaches the reader.
    """
    if not member:
        return edited_bytes(content, changes)
    packed = io.BytesIO()
    try:
        with ZipFile(io.BytesIO(content)) as old, ZipFile(packed, "w") as new:
            names = old.namelist()
            for name in names:
                data = old.read(name)
                new.writestr(name, edited_bytes(data, changes) if name == names[member % len(names)] else data)
    except (BadZipFile, RuntimeError, OSError, NotImplementedError, ValueError, KeyError):
        return edited_bytes(content, changes)
    return packed.getvalue()


def changed_files(examples: Sequence[tuple[str, bytes]]) -> st.SearchStrategy[tuple[str, bytes]]:
    """Files after these examples, which are endings and contents, with edits."""

    def changed(example: tuple[str, bytes], changes: Sequence[Edit], member: int) -> tuple[str, bytes]:
        suffix, content = example
        packed = content.startswith(b"PK")
        return suffix, edited_zip(content, changes, member) if packed else edited_bytes(content, changes)

    return st.builds(changed, st.sampled_from(list(examples)), edits(), st.integers(0, 30))


def changed_texts(examples: Sequence[str]) -> st.SearchStrategy[str]:
    """Texts after these examples, with edits; bytes that are no UTF-8 become half a surrogate pair, as in a broken line."""

    def changed(example: str, changes: Sequence[Edit]) -> str:
        return edited_bytes(example.encode(), changes).decode("utf-8", "replace")

    return st.builds(changed, st.sampled_from(list(examples)), edits())


def changed_lines(examples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """As `changed_texts`, as the bytes of a file."""
    return st.builds(edited_bytes, st.sampled_from(list(examples)), edits())
