"""A prompt on a real turn, as the rendering component draws it. Pure."""

from typing import TypedDict

from bot.answering.rendering import Rendered


class MessageData(TypedDict):
    """What is sent in one role, to the letter."""

    role: str
    text: str


class RenderingData(TypedDict):
    """Everything that the component needs: how long it is, in a sentence, and the messages."""

    sum: str
    messages: list[MessageData]


def rendering_data(rendered: Rendered, *, passages: bool) -> RenderingData:
    """The messages with their sum; `passages` says whether the prompt takes any."""
    return RenderingData(
        sum=_sum(rendered, passages=passages), messages=[MessageData(role=role, text=text) for role, text in rendered.messages]
    )


def _sum(rendered: Rendered, *, passages: bool) -> str:
    count = len(rendered.passages)
    held = f", with {count} passage{'' if count == 1 else 's'}" if passages else ""
    left = f"; {rendered.left} more did not fit" if rendered.left else ""
    return f"About {rendered.tokens:,} tokens{held}{left}. Nothing is sent."
