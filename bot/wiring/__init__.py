"""The composition root: the only place that chooses concrete classes. Nothing is opened before it is needed."""

from bot.wiring.app import App, open_app, open_service, open_verifier

__all__ = ["App", "open_app", "open_service", "open_verifier"]
