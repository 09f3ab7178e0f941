"""What is kept, in SQL: conversations with their turns, branches, feedback and reviews; drafts with their verdicts."""

from bot.conversation.history.drafts import DraftHead, DraftMatch, Drafts, StoredDraft, draft_title
from bot.conversation.history.rows import (
    Asked,
    Conversation,
    Decision,
    Exchange,
    Feedback,
    Head,
    Match,
    Page,
    Place,
    Rated,
    Rating,
    Review,
    Reviewed,
    Subject,
    Tally,
)
from bot.conversation.history.store import ABANDONED, History
from bot.conversation.history.texts import UNTITLED, title_of

__all__ = [
    "ABANDONED",
    "UNTITLED",
    "Asked",
    "Conversation",
    "Decision",
    "DraftHead",
    "DraftMatch",
    "Drafts",
    "Exchange",
    "Feedback",
    "Head",
    "History",
    "Match",
    "Page",
    "Place",
    "Rated",
    "Rating",
    "Review",
    "Reviewed",
    "StoredDraft",
    "Subject",
    "Tally",
    "draft_title",
    "title_of",
]
