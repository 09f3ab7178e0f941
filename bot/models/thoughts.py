"""What some models think aloud before they answer: `<think>...</think>` at the head of the text is no part of the answer.

Servers that know a model's habit take it out themselves; many are not told to.
"""

_OPEN, _CLOSE = "<think>", "</think>"


class Thoughts:
    """Takes the thoughts out of one answer, piece by piece. Only its head is looked at: further on the words may be quoted."""

    def __init__(self) -> None:
        self._held = ""
        self._past = False

    def without(self, text: str) -> str:
        """The piece without thoughts; "" as long as they go on, or may yet begin."""
        if self._past:
            return text
        self._held += text
        answer = self._answer()
        self._past = bool(answer.strip())
        return answer if self._past else ""

    def _answer(self) -> str:
        """What has been held and is no thought; "" where that cannot be known yet."""
        head = self._held.lstrip()
        if head.startswith(_OPEN):
            return head.partition(_CLOSE)[2].lstrip()
        return "" if _OPEN.startswith(head) else self._held
