"""Conversations that are kept: their turns and branches, answers as far as they have come, feedback and reviews, in SQL."""

from bot.history.rows import (
    Asked,
    Conversation,
    Decision,
    Feedback,
    Head,
    Match,
    Outcome,
    Page,
    Place,
    Rated,
    Rating,
    Review,
    Reviewed,
    Status,
    StoredTurn,
    Subject,
    Tally,
)
from bot.history.store import ABANDONED, History
from bot.history.texts import UNTITLED, title_of

__all__ = [
    "ABANDONED",
    "UNTITLED",
    "Asked",
    "Conversation",
    "Decision",
    "Feedback",
    "Head",
    "History",
    "Match",
    "Outcome",
    "Page",
    "Place",
    "Rated",
    "Rating",
    "Review",
    "Reviewed",
    "Status",
    "StoredTurn",
    "Subject",
    "Tally",
    "title_of",
]
