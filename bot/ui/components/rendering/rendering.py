"""A prompt with a turn put in: what a model would be sent."""

from bot.answering.rendering import Rendered
from bot.ui.components.load import load
from bot.ui.components.rendering.view import rendering_data


def rendering(rendered: Rendered, *, passages: bool) -> None:
    """Draw the messages and their length; `passages` says whether the prompt takes any."""
    load("rendering")(key="footnote-lab-rendering", data=dict(rendering_data(rendered, passages=passages)))
