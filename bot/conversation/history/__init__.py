"""What is kept, in SQL: conversations with their turns, branches, feedback and reviews; drafts with their verdicts."""

from bot.conversation.history.drafts import DraftHead, DraftMatch, Drafts, StoredDraft, draft_title
from bot.conversation.history.rows import (
    AskedQuestion,
    Conversation,
    ConversationHead,
    ConversationMatch,
    ConversationTitle,
    Decision,
    Exchange,
    Feedback,
    ListPage,
    RatedAnswer,
    Rating,
    Review,
    ReviewedCitation,
    Tally,
    TurnPlace,
)
from bot.conversation.history.standing import StandingAnswer, StandingQuestion, StandingQuestions
from bot.conversation.history.store import ABANDONED, History
from bot.conversation.history.texts import UNTITLED, title_of

__all__ = [
    "ABANDONED",
    "UNTITLED",
    "AskedQuestion",
    "Conversation",
    "ConversationHead",
    "ConversationMatch",
    "ConversationTitle",
    "Decision",
    "DraftHead",
    "DraftMatch",
    "Drafts",
    "Exchange",
    "Feedback",
    "History",
    "ListPage",
    "RatedAnswer",
    "Rating",
    "Review",
    "ReviewedCitation",
    "StandingAnswer",
    "StandingQuestion",
    "StandingQuestions",
    "StoredDraft",
    "Tally",
    "TurnPlace",
    "draft_title",
    "title_of",
]
