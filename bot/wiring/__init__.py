"""The composition root: the only place that chooses concrete classes. Nothing is opened before it is needed."""

from bot.wiring.answering import open_verifier
from bot.wiring.service import Service, open_service, shared_service

__all__ = ["Service", "open_service", "open_verifier", "shared_service"]
