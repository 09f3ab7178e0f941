"""The answers of several setups side by side, which may still be streaming in."""

from bot.ui.components.load import load
from bot.ui.components.trial.view import trial_data
from bot.ui.lab.trial import Trial


def trial(tried: Trial) -> None:
    """Draw the answers as far as they have come."""
    load("trial", "answer/lines")(key="footnote-lab-trial", data=dict(trial_data(tried)))
