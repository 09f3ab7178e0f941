"""The markup of chat templates in a model's text: tags around thoughts, channels, and the tokens that end a turn.

A server should keep all of it to itself. Where a server does not know its model, the markup arrives as text, cut anywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple


class TagKind(Enum):
    """What a piece of markup does."""

    OPEN = auto()
    CLOSE = auto()
    CHANNEL = auto()
    MESSAGE = auto()
    START = auto()
    STOP = auto()
    DROP = auto()
    WRAP = auto()
    UNWRAP = auto()


class ScannedText(NamedTuple):
    """Text that is no markup."""

    text: str


@dataclass(frozen=True, slots=True)
class ScannedTag:
    """A piece of markup and where it stands.

    `name` is what an opening tag and its closing tag have in common. `heads`: it stands where a line or a sentence begins.
    `quoted`: it stands between quotation marks or backticks. `coded`: it stands in code. `spaced`: it stands between the words
    of a line, as a tag does that is talked about.
    """

    kind: TagKind
    name: str
    text: str
    heads: bool
    quoted: bool
    coded: bool
    spaced: bool
    ends_line: bool


_THOUGHT = (
    r"think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|deliberation|scratch_?pad|chain_of_thought|cot"
    r"|(?:inner|internal)_(?:monologue|thoughts?)"
)
_TAG = re.compile(
    rf"""
      <(?P<close>/?)(?:[\w.-]{{1,12}}:)?(?P<thought>{_THOUGHT})\s?>
    | \[(?P<close2>/?)(?P<bracket>THINK(?:ING)?)\]
    | ◁(?P<close3>/?)(?P<kimi>think)▷
    | <(?P<close4>/?)(?P<wrap>answer|response|output|final_answer|solution)>
    | <(?P<working>start|end)_working_out>
    | <unused(?P<unused>9[45])>
    | (?P<gemma><\|channel>|<channel\|>)
    | <[|｜](?P<special>[^<>|｜\s]{{1,40}})[|｜]>
    | (?P<token></?s>|<(?:eos|bos|pad|unk|eot|sep)>|<extra_id_\d+>|<(?:start|end)_of_(?:turn|utterance|text)>
        |<\|turn>|<turn\|>|\[/?INST\])
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What a tag may begin with that is not whole yet. It is short, so that little of a stream is ever held back.
_BEGUN = re.compile(r"<[/|｜]?[\w:.▁/-]{0,40}[|｜]?\s?|\[/?[A-Z]{0,8}|◁/?\w{0,5}")
_PAIRS = {
    "think": (TagKind.OPEN, "think"),
    "/think": (TagKind.CLOSE, "think"),
    "begin_of_thought": (TagKind.OPEN, "thought"),
    "end_of_thought": (TagKind.CLOSE, "thought"),
    "start_thinking": (TagKind.OPEN, "think"),
    "end_thinking": (TagKind.CLOSE, "think"),
    "inner_prefix": (TagKind.OPEN, "inner"),
    "inner_suffix": (TagKind.CLOSE, "inner"),
    "channel": (TagKind.CHANNEL, ""),
    "message": (TagKind.MESSAGE, ""),
    "start": (TagKind.START, ""),
}
"""The tokens between bars that frame a thought or a message, by their names in lower case."""
# Tokens between bars after which a turn is over; what follows them would be made up.
_STOPS = re.compile(
    r"(?:im_|eo|end|e[nu]d|return|call|start_(?:header|of)|user|assistant|system|tool|observation|human|sep|pad|fim_|python_tag)\w*.*",
    re.IGNORECASE,
)
# Names that begin like a stop, and only frame something.
_NO_STOP = re.compile(r".*(?:box|end_header|start_response|start_text)", re.IGNORECASE)
_ROLES = ("assistant", "model")
# With the marks of Chinese and Japanese, and brackets and quotation marks that may close a sentence.
_SENTENCE_END = tuple(".!?:;…。！？；：)]}\"'”’»*")
_QUOTES = "`\"'“”‘’«»"
# A word or a mark of punctuation right behind a tag: the sentence goes on, so it is about the tag.
_AROUND = re.compile(r" [^\s<]|[,.;:)]")
_AHEAD = 2
"""Characters after a tag that say whether it is talked about."""
# Where a tag, code or a new line may begin; all before it is plain text.
_STARTERS = re.compile(r"[<\[◁`\n]")


class MarkupScanner:
    """Splits a stream into text and tags, however the stream is cut: what may become a tag is held until that is known.

    >>> scanner = MarkupScanner()
    >>> [one.text for piece in ("It opened.<|im", "_end|>") for one in scanner.scan(piece)]
    ['It opened.']
    >>> [one.text for one in scanner.end()]
    ['<|im_end|>']
    """

    def __init__(self) -> None:
        self._held = ""
        # The line so far, by which a tag knows where it stands; its last 200 characters are enough.
        self._line = ""
        # Backticks that opened the block of code, 0 outside of one; `_inline` is the same within a line.
        self._fence = 0
        self._inline = 0
        self.closers: tuple[str, ...] = ()
        """Words that are a closing tag, as long as they are set here."""

    def scan(self, piece: str, *, final: bool = False) -> Iterator[ScannedText | ScannedTag]:
        """What is known of the stream once `piece` has come."""
        self._held += piece
        while self._held:
            found = self._next(final)
            if found is None:
                return
            yield found

    def end(self) -> Iterator[ScannedText | ScannedTag]:
        """What was held, once nothing more comes."""
        return self.scan("", final=True)

    def leave_code(self) -> None:
        """Forgets code that was opened: it does not reach from a thought into the answer."""
        self._fence = self._inline = 0

    def _next(self, final: bool) -> ScannedText | ScannedTag | None:
        """The first part of what is held; None where more has to come first."""
        start = _STARTERS.search(self._held)
        plain = start.start() if start else len(self._held)
        if self.closers:
            return self._worded(plain, final)
        if plain:
            return self._text(plain)
        first = self._held[0]
        if first == "`":
            return self._backticks(final)
        return self._text(1) if first == "\n" else self._tag(final)

    def _worded(self, plain: int, final: bool) -> ScannedText | ScannedTag | None:
        """As `_next`, where words may close a thought: looked for in the plain text, of which their beginning is held."""
        for word in self.closers:
            if (at := self._held.find(word)) == 0:
                return self._made(TagKind.CLOSE, "", len(word))
            plain = min(plain, at) if at > 0 else plain
        begun = next((at for at in range(plain) if any(word.startswith(self._held[at:]) for word in self.closers)), plain)
        if begun < plain and not final:
            return self._text(begun) if begun else None
        if plain:
            return self._text(plain)
        return self._tag(final) if self._held[0] in "<[◁" else self._text(1)

    def _text(self, length: int) -> ScannedText:
        text, self._held = self._held[:length], self._held[length:]
        self._line = (self._line + text).rpartition("\n")[2][-200:]
        if "\n" in text:
            self._inline = 0  # code within a line does not go on in the next
        return ScannedText(text)

    def _backticks(self, final: bool) -> ScannedText | None:
        """A run of backticks, which may begin or end code."""
        count = len(self._held) - len(self._held.lstrip("`"))
        if count == len(self._held) and not final:
            return None
        blank = not self._line.strip()
        if self._fence:
            self._fence = 0 if blank and count >= self._fence else self._fence
        elif count >= 3 and blank:
            self._fence = count
        else:
            self._inline = 0 if self._inline == count else self._inline or count
        return self._text(count)

    def _tag(self, final: bool) -> ScannedText | ScannedTag | None:
        """The tag that the held text begins with, or its first character where it is none."""
        match = _TAG.match(self._held)
        # [THINK] in capitals is a tag, [think] is a word of the text.
        if match is None or not (match["bracket"] or "THINK").isupper():
            whole = _BEGUN.fullmatch(self._held)
            return None if whole and not final else self._text(1)
        rest = self._held[match.end() :]
        # A tag is judged by what follows it, so that has to be there; and a role may still be coming.
        if not final and (len(rest) < _AHEAD or any(role.startswith(rest) for role in _ROLES)):
            return None
        kind, name = _kind_and_name(match)
        length = match.end()
        # The role that stands after the token which opens a turn is a part of it.
        if kind is TagKind.STOP and ("start" in match[0] or match[0] == "<|turn>"):
            length += next((len(role) for role in _ROLES if rest.startswith(role)), 0)
        return self._made(kind, name, length)

    def _made(self, kind: TagKind, name: str, length: int) -> ScannedTag:
        text, rest = self._held[:length], self._held[length:]
        line, before = self._line, self._line[-1:]
        tag = ScannedTag(
            kind,
            name,
            text,
            heads=not line.strip() or line.rstrip().endswith(_SENTENCE_END),
            quoted=bool(before) and before in _QUOTES and bool(rest) and rest[0] in _QUOTES,
            coded=bool(self._fence or self._inline),
            spaced=bool(line.strip()) and before == " " and _AROUND.match(rest) is not None,
            ends_line=not rest or rest[0] == "\n",
        )
        self._held = rest
        return tag

    def unread(self, text: str) -> None:
        """Puts text back before what is held, to be scanned in another way."""
        self._held, self._line = text + self._held, ""

    def keep(self, tag: ScannedTag) -> str:
        """The text of a tag that turned out to be talked about; it counts as text of its line."""
        self._line += tag.text
        return tag.text


def _kind_and_name(match: re.Match[str]) -> tuple[TagKind, str]:
    """What a tag does, and the name that it shares with its other half."""
    closing = any(match[group] for group in ("close", "close2", "close3", "close4"))
    if name := match["thought"] or match["bracket"] or match["kimi"]:
        stem = next((stem for stem in ("think", "thought", "reason") if name.lower().startswith(stem)), name.lower())
        return (TagKind.CLOSE if closing else TagKind.OPEN), stem
    if match["wrap"]:
        return (TagKind.UNWRAP if closing else TagKind.WRAP), match["wrap"].lower()
    if match["working"] or match["unused"]:
        opens = match["working"] == "start" or match["unused"] == "94"
        return (TagKind.OPEN if opens else TagKind.CLOSE), "working" if match["working"] else "unused"
    if match["gemma"]:
        return (TagKind.OPEN if match["gemma"].startswith("<|") else TagKind.CLOSE), "channel"
    if special := match["special"]:
        known = _PAIRS.get(special.lower())
        stops = _STOPS.fullmatch(special) and not _NO_STOP.match(special)
        # A token that is not known is taken out, and ends nothing.
        return known or ((TagKind.STOP if stops else TagKind.DROP), special)
    starts = match["token"].lower() in ("<s>", "<bos>", "<pad>", "<unk>", "[inst]")
    return (TagKind.DROP if starts else TagKind.STOP), match["token"].lower()
