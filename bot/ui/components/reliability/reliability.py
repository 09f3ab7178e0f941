"""How often each verdict was right, and how scores compare with the shares that are: as measured, and by own reviews."""

from bot.calibration import OwnCalibration, measurement
from bot.ui.components.load import load
from bot.ui.components.reliability.view import reliability_data


def reliability(own: OwnCalibration) -> None:
    """Draw the table of the verdicts and the charts."""
    load("reliability")(key="footnote-reliability", data=reliability_data(measurement(), own))
