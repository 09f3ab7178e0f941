"""The parts of a text that are markup of its program and no words: images' data, scripts, shortcodes, embeds, comments; pure.

A text of Markdown's family is stored as it came, so what is not to be quoted is found where the text is read: `blanked` gives
it with white space in the place of all markup, every offset kept, and `image_data` tells what must not even be searched.
"""

import re
from collections.abc import Iterator

from vectorstore.types import Span

LONGEST_WORD = 400
"""Characters; a longer run of letters and digits without a space is data in base64."""

_IMAGE = re.compile(
    r"!\[[^\]\n]{0,500}\]\(\s*<?data:[^)>]*>?[^)\n]{0,200}\)"  # an image of Markdown
    r"|<(?:img|image|source|embed|object|iframe|link|use)\b[^<>]{0,500}?[\"']?data:[\w.+-]+/[^<>]*>"
    r"|^[ \t]{0,3}\[[^\]\n]{1,200}\]:[ \t]*<?data:[^\n]*"  # the address of an image, at the end of a text
    r"|data:[\w.+-]+/[\w.+-]+(?:;[\w=.+-]+)*(?:;base64,[\w+/=%\s]*?(?=[^\w+/=%\s]|\s\s|\Z|\s(?![\w+/=]{40}))|,[^\s\"'<>)\]]+)"
    r"|<svg\b.*?(?:</svg\s*>|\Z)",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
# A run of base64 with a capital and a digit in it, which no long word has, or lines of it as in a letter's attachment.
_BLOB = re.compile(
    rf"(?<![\w+/=])(?=[\w+/=]*\d)(?=[\w+/=]*[A-Z])[A-Za-z\d+/_-]{{{LONGEST_WORD},}}={{0,2}}"
    r"|(?:^[A-Za-z\d+/]{60,80}\n){4,}[A-Za-z\d+/]*={0,2}",
    re.MULTILINE,
)
# Looked for first, since the patterns above are slow; each by itself, as one pattern with branches takes four times as long.
# Without regard to case, Python counts four more letters among those from A to Z.
_SIGNS_OF_DATA = (
    re.compile("data:", re.IGNORECASE),
    re.compile("<svg", re.IGNORECASE),
    re.compile("[A-Za-z\\d+/\u0130\u0131\u017f\u212a]{60}"),
)
# Its loop is written out, as that of `_MARKUP` is.
_COMMENT = r"<!--[^<-]*(?:(?!-->|<!--)[<-][^<-]*)*-->"
# A comment with code in it is found as one, so that what stands between its pieces of code is not taken for text.
_CODE = re.compile(
    rf"(?P<comment>{_COMMENT})"
    r"|^ {0,3}(?:>[ \t]?)?(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?:>[ \t]?)?(?P=fence)|\Z)"
    r"|(?<!`)(?P<ticks>`{1,2})(?!`)[^`\n]+(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
# The loops are written out: a lazy `.*?` up to an end that never comes would take quadratic time, once for each beginning.
_MARKUP = re.compile(
    r"<(?P<raw>script|style|template)\b[^<]*(?:<(?!/?(?P=raw)\b)[^<]*)*</(?P=raw)\s*>"
    r"|\{%-?\s*comment\s*-?%\}[^{]*(?:\{(?!%-?\s*(?:end)?comment)[^{]*)*\{%-?\s*endcomment\s*-?%\}"  # Liquid
    r"|\{%[^{}]{0,2000}%\}|\{\{[^{}]{0,2000}\}\}"  # tags of Liquid, shortcodes of Hugo
    r"|%%[^%]{0,4000}%%"  # a remark of Obsidian
    r"|!\[\[[^\[\]\n]*\]\]"  # an embed of Obsidian
    r"|(?<=\s)\^[A-Za-z\d-]+[ \t]*$"  # the id of a block
    r"|^[ \t]*(?:#[^\W\d_][\w/-]*[ \t]*)+$"  # a line of tags
    r"|^import\s+(?:[\w*${},\s]+?\s+from\s+)?[\"'][^\"'\n]+[\"'];?[ \t]*$"  # MDX
    r"|^export\s+(?:default|const|let|var|function|async|class)\b.*?(?=\n[ \t]*\n|\Z)"
    r"|\{/\*[^*{]{0,4000}\*/\}"
    r"|[ \t]*\{[:.#][^{}\n]*\}[ \t]*$|\{:[^{}\n]*\}"  # attributes of kramdown
    r"|^[ \t]*:{3,}[^\n]*$"  # a directive
    r"|^[ \t]*\[TOC\][ \t]*$"
    r"|^[ \t]*(?:>[ \t]*)+\[![\w-]+\][+-]?",  # the kind of a callout
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})"
_COMPONENT = re.compile(rf"</?[A-Z][\w.]*(?:\s+(?:[\w:-]+(?:={_VALUE})?|\{{\.\.\.\w+\}}))*\s*/?>")
"""A tag of a component in MDX, whose values may hold what ends the tag of a page."""
# Looked for first, as above.
_SIGNS = re.compile(r"[{}%<\[^#!]|^(?:import|export)\b|:::", re.MULTILINE)
# Most texts have one of those, a bracket or a per cent sign, and none of these, without which there is no markup and no code.
_SIGNS_ANYWHERE = ("<", "{", "%%", "![[", "[!", "`", "~~~")
_SIGN_OF_BLOCK_ID = re.compile(r"\s\^")
_SIGNS_AT_LINE = re.compile(r"^(?:[ \t]*(?:#|:::|\[TOC)|import|export)", re.MULTILINE | re.IGNORECASE)
_NOT_BREAK = re.compile(r"[^\n]")


def image_data(text: str) -> list[Span]:
    """The spans that hold the data of images and other files in text form, in order and apart.

    >>> text = "A lamp ![x](data:image/png;base64,iVBORw0KGgo=) was lit."
    >>> [text[start:end] for start, end in image_data(text)]
    ['![x](data:image/png;base64,iVBORw0KGgo=)']
    """
    if not any(sign.search(text) for sign in _SIGNS_OF_DATA):
        return []
    spans = sorted(found.span() for pattern in (_IMAGE, _BLOB) for found in pattern.finditer(text))
    apart: list[Span] = []
    for start, end in spans:
        # Both patterns may find the same data.
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def without_data(text: str) -> Iterator[Span]:
    """The spans between the images' data, the whole text where there is none."""
    at = 0
    for start, end in image_data(text):
        if at < start:
            yield at, start
        at = end
    if at < len(text):
        yield at, len(text)


def blanked(text: str) -> str:
    """The text with spaces in the place of markup; code keeps its own, and line ends stay.

    >>> blanked("A {{< figure >}} lamp. `{{ kept }}`")
    'A                lamp. `{{ kept }}`'
    """
    for start, end in reversed(image_data(text)):
        text = text[:start] + _NOT_BREAK.sub(" ", text[start:end]) + text[end:]
    if not _SIGNS.search(text) or not _may_have_markup(text):
        return text
    pieces: list[str] = []
    at = 0
    for found in _CODE.finditer(text):
        pieces += (_blanked_prose(text[at : found.start()]), _spaces(found) if found["comment"] else found[0])
        at = found.end()
    return "".join((*pieces, _blanked_prose(text[at:])))


def _may_have_markup(text: str) -> bool:
    """Whether there may be markup or code."""
    return (
        any(sign in text for sign in _SIGNS_ANYWHERE)
        or ("^" in text and _SIGN_OF_BLOCK_ID.search(text) is not None)
        or _SIGNS_AT_LINE.search(text) is not None
    )


def _blanked_prose(prose: str) -> str:
    return _COMPONENT.sub(_spaces, _MARKUP.sub(_spaces, prose))


def _spaces(found: re.Match[str]) -> str:
    return _NOT_BREAK.sub(" ", found[0])
