"""Takes what is no answer out of a model's text: its thoughts, in any model's markup, and the tokens of the protocol.

>>> leaks = ReplyFilter()
>>> [tuple(part) for piece in ("<think>Who?", "</think>It was", " Ada.<|im_end|>") for part in leaks.feed(piece)]
[('thought', 'Who?'), ('answer', 'It was'), ('answer', ' Ada.')]
>>> list(leaks.end())
[]
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from bot.models.markup import MarkupScanner, ScannedTag, ScannedText, TagKind

_PHRASES = {
    "Here is my thought process:": ("Here is my response:", "Here's my response:"),
    "Here's my thought process:": ("Here is my response:", "Here's my response:"),
}
"""Words that open a text whose model writes its thoughts under a heading (Granite), and those that end them."""
_BARE = "analysis"
_BARE_END = ("assistantfinal", "assistant final", "assistant\nfinal")
"""A harmony channel whose tokens a server has dropped but whose names it has not: "analysisWe need ... assistantfinal"."""


class FilteredText(NamedTuple):
    """A part of a reply. "retraction": all the answer so far were thoughts, and `text` is what it was."""

    kind: Literal["answer", "thought", "retraction"]
    text: str


class ReplyFilter:
    """Tells a stream's answer from its thoughts and its markup. The outcome does not depend on where the stream is cut.

    Tags count where a line or a sentence begins; in code and between the words of a line they are talked about, and stay. A
    closing tag with none before it makes thoughts of what came before: some templates open them in the prompt. `unopened` says
    that this model is known for it, so that the text is held until the tag has come.
    """

    def __init__(self, *, unopened: bool = False) -> None:
        self._scanner = MarkupScanner()
        self._hold = unopened
        # "head" until the first words are known, "header" between a harmony token and its message, "ended" after a stop token.
        self._mode: Literal["head", "answer", "thought", "header", "ended"] = "head"
        # The thought blocks that are open, the outermost first; "harmony" and "bare" end in ways of their own.
        self._open: list[str] = []
        # The tag around an answer, such as <answer>, whose closing tag is then markup as well.
        self._wrapped = ""
        self._answer = ""
        # White space that is held until a word follows it.
        self._blank = ""
        self._head = ""
        self._channel = ""
        # A closing token that may be the answer's last word, or a part of the code that is shown.
        self._tail = ""
        self._trims = False
        # How many <s> of HTML are open in the answer.
        self._struck = 0
        # A closing tag has come with none before it: if text follows, all before it were thoughts.
        self._doubted = False
        self._thought = False

    def feed(self, piece: str) -> Iterator[FilteredText]:
        """What is known of the reply once `piece` has come."""
        for one in self._scanner.scan(piece):
            yield from self._take(one)

    def end(self) -> Iterator[FilteredText]:
        """What was held, once nothing more comes."""
        for one in self._scanner.end():
            yield from self._take(one)
        # Nothing more comes, so what was held as a possible heading is the answer's own.
        yield from self._begin(self._head, whole=True)
        for one in self._scanner.end():
            yield from self._take(one)
        # A closing tag after which nothing comes: the model only thought, unless it had thought before.
        if self._doubted and not self._thought:
            yield from self._retract()
        else:
            yield from self.release()

    def release(self) -> Iterator[FilteredText]:
        """Holds the text no longer, where the server has told the thoughts apart by itself."""
        if self._hold and self._answer:
            yield FilteredText("answer", self._answer)
        self._hold = False

    def _take(self, one: ScannedText | ScannedTag) -> Iterator[FilteredText]:
        if self._mode == "head" and isinstance(one, ScannedText):
            yield from self._begin(self._head + one.text)
            return
        if self._mode == "head":
            yield from self._begin(self._head, whole=True)
        # What follows a tag begins with a word; a text without tags stays as it is.
        self._trims = self._trims or isinstance(one, ScannedTag)
        if self._mode == "ended":
            return
        if self._mode == "header":
            self._in_header(one)
        elif self._mode == "thought":
            yield from self._in_thought(one)
        elif isinstance(one, ScannedText):
            yield from self._say(one.text)
        else:
            yield from self._at_tag(one)

    def _begin(self, head: str, *, whole: bool = False) -> Iterator[FilteredText]:
        """The first words, which may be those of a thought without tags; held until that is known."""
        if self._mode != "head":
            return
        self._head, text = head, head.lstrip()
        opening = next((phrase for phrase in _PHRASES if text.startswith(phrase)), "")
        # "analysisWe need": a capital right behind the name, where the word "analysis" would have a blank.
        bare = text.startswith(_BARE) and text[len(_BARE) : len(_BARE) + 1].isupper()
        # The text is still the beginning of one of them, so one more piece has to tell.
        may_be = any(phrase.startswith(text) for phrase in (*_PHRASES, _BARE))
        if not (whole or opening or bare) and may_be:
            return
        self._mode, self._head = "answer", ""
        if opening or bare:
            self._scanner.closers, self._trims = _PHRASES.get(opening, _BARE_END), True
            self._think("bare")
            # Only now is it known that words may end this thought.
            self._scanner.unread(text.removeprefix(opening or _BARE))
        else:
            yield from self._say(head)

    def _say(self, text: str) -> Iterator[FilteredText]:
        """Text of the answer, which begins with its first word."""
        if not text.strip() and (self._tail or self._doubted or not self._answer):
            # Whether an answer begins or goes on is known by its next word.
            if self._tail:
                self._tail += text
            else:
                self._blank += text
            return
        if self._doubted:
            yield from self._retract()
        text, self._blank, self._tail = self._blank + self._tail + text, "", ""
        if not self._answer and self._trims:
            text = text.lstrip()
        self._answer += text
        if not self._hold:
            yield FilteredText("answer", text)

    def _retract(self) -> Iterator[FilteredText]:
        """Makes thoughts of the answer so far."""
        text, self._answer, self._blank, self._tail = self._answer, "", "", ""
        self._doubted, self._thought = False, True
        yield FilteredText("thought" if self._hold else "retraction", text)
        self._hold = False

    def _think(self, name: str) -> None:
        # White space before a thought belongs to the answer only where the answer has begun.
        self._mode, self._thought, self._blank = "thought", True, self._blank if self._answer else ""
        # Thoughts that are opened at the head need no waiting for a closing tag that has none.
        self._hold = self._hold and bool(self._answer)
        self._open.append(name)

    def _at_tag(self, tag: ScannedTag) -> Iterator[FilteredText]:
        """A tag in the answer."""
        if self._talked_about(tag):
            yield from self._say(self._scanner.keep(tag))
            return
        match tag.kind:
            case TagKind.OPEN:
                self._think(tag.name)
            case TagKind.CLOSE:
                self._scanner.leave_code()
                self._doubted = self._doubted or bool(self._answer)
                self._thought = self._thought or not self._answer
            case TagKind.WRAP:
                self._wrapped, self._blank = tag.name, ""
            case TagKind.UNWRAP if self._wrapped == tag.name:
                self._wrapped = ""
            case TagKind.STOP | TagKind.UNWRAP if self._answer and (tag.coded or tag.kind is TagKind.UNWRAP):
                # It is the last thing of the answer, or a part of the code that is shown; what follows tells.
                self._blank, self._tail = "", self._blank + self._tail + self._scanner.keep(tag)
            case TagKind.STOP | TagKind.START:
                self._leave(tag)
            case TagKind.CHANNEL:
                self._mode, self._channel = "header", ""
            case _:
                self._blank = self._blank if self._answer else ""

    def _leave(self, tag: ScannedTag) -> None:
        """At the token that ends a turn: what follows it is made up; before the first word it is only a token."""
        if self._answer:
            self._mode = "ended"
        elif tag.kind is TagKind.START:
            self._mode, self._channel = "header", ""
        self._blank = ""

    def _talked_about(self, tag: ScannedTag) -> bool:
        """Whether a tag in the answer belongs to its text."""
        if tag.quoted:
            return True
        match tag.kind:
            case TagKind.OPEN:
                return tag.coded or not tag.heads
            case TagKind.CLOSE:
                return tag.coded or not (tag.heads or tag.ends_line)
            case TagKind.WRAP:
                return bool(self._answer) and not self._doubted
            case TagKind.UNWRAP:
                return self._wrapped != tag.name and (tag.coded or not tag.ends_line)
        # Tokens of the protocol are markup wherever they stand, unless a text is about them.
        return self._struck_out(tag) or tag.spaced or (tag.coded and not (tag.kind is TagKind.STOP and self._answer))

    def _struck_out(self, tag: ScannedTag) -> bool:
        """Whether it is HTML for struck-out words, whose tags are the tokens around a text of some models."""
        if tag.name == "<s>" and self._answer:
            self._struck += 1
            return True
        if tag.name == "</s>" and self._struck:
            self._struck -= 1
            return True
        return False

    def _in_thought(self, one: ScannedText | ScannedTag) -> Iterator[FilteredText]:
        if isinstance(one, ScannedTag) and self._leads_on(one):
            return
        text = one.text if isinstance(one, ScannedText) else self._scanner.keep(one)
        if isinstance(one, ScannedText) or one.kind in (TagKind.OPEN, TagKind.CLOSE, TagKind.WRAP, TagKind.UNWRAP):
            yield FilteredText("thought", text)

    def _leads_on(self, tag: ScannedTag) -> bool:
        """Whether a tag in a thought begins or ends something; does so."""
        # Within a harmony channel other markup is text: only its own tokens end it.
        harmony = self._open[-1] == "harmony"
        if tag.kind is TagKind.CLOSE and not harmony and (tag.name == "" or not tag.quoted):
            # An inner block ends with the outer one, and of a lone block any closing tag is the end.
            names = self._open if tag.name in self._open else self._open[:1] if len(self._open) == 1 else []
            if not names:
                return False
            del self._open[self._open.index(tag.name) if tag.name in self._open else 0 :]
            self._answer_again()
            return True
        if tag.kind is TagKind.OPEN and not harmony and tag.name not in self._open and tag.heads and not tag.quoted:
            self._open.append(tag.name)
            return True
        if tag.kind in (TagKind.CHANNEL, TagKind.START):
            self._open.clear()
            self._mode, self._channel = "header", ""
            return True
        if harmony and tag.kind is TagKind.STOP:
            self._open.clear()
            self._answer_again()
            return True
        return False

    def _answer_again(self) -> None:
        if not self._open:
            self._mode = "answer"
            self._scanner.closers = ()
            self._scanner.leave_code()

    def _in_header(self, one: ScannedText | ScannedTag) -> None:
        """Between a turn's or a channel's token and its message: only the channel's name counts."""
        if isinstance(one, ScannedText):
            self._channel += one.text
        elif one.kind is TagKind.CHANNEL:
            self._channel = ""
        elif one.kind is TagKind.MESSAGE:
            name = self._channel.split()[0] if self._channel.split() else ""
            self._mode, self._channel = "answer", ""
            # "analysis" and "commentary" are for the model itself, "final" is for the reader.
            if name not in ("", "final", "assistant"):
                self._think("harmony")
