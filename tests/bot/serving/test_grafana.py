"""The board of docs/grafana.json asks for nothing that `/metrics` does not have, by names and by labels."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.serving.metrics import ServerMetrics
from bot.settings import load_settings
from bot.types import Answer, Claim
from bot.wiring.limits import UsageLimits

BOARD = Path(__file__).parents[3] / "docs" / "grafana.json"
PANELS = {panel["title"]: panel for panel in json.loads(BOARD.read_text(encoding="utf-8"))["panels"]}
GIVEN_BY_PROMETHEUS = {"job"}


@pytest.fixture(scope="module")
def series() -> dict[str, set[str]]:
    """The labels of each series that a server has once it has been asked something."""
    metrics = ServerMetrics(UsageLimits(load_settings()))
    metrics.requested("/v1/ask", "POST", 200, 0.1)
    metrics.answered(Answer("When?", text="In 1932.", claims=(Claim("In 1932.", 0, 8, "quoted", ()),)))
    families = text_string_to_metric_families(metrics.page().decode())
    return {sample.name: set(sample.labels) for family in families for sample in family.samples}


@pytest.mark.parametrize("title", PANELS)
def test_a_panel_asks_for_what_the_server_counts(title: str, series: dict[str, set[str]]) -> None:
    for target in PANELS[title]["targets"]:
        asked = re.findall(r"(footnote_\w+)(?:\{([^}]*)\})?", target["expr"])
        assert asked
        for name, selectors in asked:
            labels = set(re.findall(r"(\w+)=", selectors)) | set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            for grouped in re.findall(r"by \(([^)]*)\)", target["expr"]):
                labels |= {one.strip() for one in grouped.split(",")}
            assert name in series
            assert labels - GIVEN_BY_PROMETHEUS <= series[name]


def test_the_board_can_be_imported() -> None:
    board = json.loads(BOARD.read_text(encoding="utf-8"))
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places) == len({panel["id"] for panel in board["panels"]})
    assert {one["name"] for one in board["templating"]["list"]} == {"source", "job"}
