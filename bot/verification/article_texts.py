"""The articles that claims are held against, read once for many claims."""

from collections.abc import Callable
from threading import Lock

from bot.types import Passage
from vectorstore.splitting.sentences import part_around

TEXTS = 4_000_000
"""Characters of articles that are remembered."""
WHOLE, AROUND = 1_000_000, 200_000
"""Characters of an article that a claim is held against: all of one that has at most so many, like a book, and of a longer one
so many before and after the passage."""

ReadArticle = Callable[[str], str | None]
"""An article's id -> its text; None where there is no such article."""


class ArticleTexts:
    """The articles that were read last, up to a number of characters. Threads may share it.

    >>> texts = ArticleTexts({"a.md": "It rained. It froze."}.get)
    >>> texts.around(Passage(1, "a.md", "", "", "", 11, 20, "It froze.", 1.0)), len(texts)
    (('It rained. It froze.', 11), 1)
    """

    def __init__(self, read: ReadArticle, most: int = TEXTS) -> None:
        self._read = read
        self._most = most
        self._lock = Lock()
        self._texts: dict[str, str] = {}
        self._size = 0

    def __len__(self) -> int:
        """How many articles are remembered."""
        return len(self._texts)

    def around(self, passage: Passage) -> tuple[str, int] | None:
        """The text of the passage's article, of a long one what is near, and where the passage begins in it.

        None where there is no such article, or the passage stands there no more.
        """
        text = self._texts.get(passage.article)
        if text is None or not _stands(passage, text):
            # What was remembered may be the article as it was before a change.
            text = self._read(passage.article)
            self._keep(passage.article, text)
        if text is None or not _stands(passage, text):
            return None
        if len(text) <= WHOLE:
            return text, passage.start
        start, end = part_around(text, passage.start, passage.end, AROUND)
        return text[start:end], passage.start - start

    def _keep(self, article: str, text: str | None) -> None:
        """Remembers a text; the oldest ones go first. An article that is not there is not remembered, as it may come."""
        with self._lock:
            self._size -= len(self._texts.pop(article, ""))
            if text is None:
                return
            while self._texts and self._size + len(text) > self._most:
                self._size -= len(self._texts.pop(next(iter(self._texts))))
            self._texts[article] = text
            self._size += len(text)


def _stands(passage: Passage, text: str) -> bool:
    """Whether the passage has its words there; in an article that was changed its offsets may mean nothing."""
    return text[passage.start : passage.end] == passage.text
