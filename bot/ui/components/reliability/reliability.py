"""How often each verdict was right, and how scores compare with the shares that are: as measured, and by own reviews."""

from bot.ui.components.load import load
from bot.ui.components.reliability.view import reliability_data
from bot.verification.calibration import OwnCalibration, measurement


def reliability(own: OwnCalibration) -> None:
    """Draw the table of the verdicts and the charts."""
    load("reliability")(key="footnote-reliability", data=reliability_data(measurement(), own))
