"""The section of the test cases: what the table shows, and what a saved edit makes of the file."""

from pathlib import Path

from fake_pages import ARTICLES
from fake_runs import CASES, FakeLab
from streamlit.testing.v1 import AppTest

from bot.evals.cases import dump, load
from vectorstore.types import Article


class Cases(FakeLab):
    """A lab whose articles can be read."""

    def article(self, id: str) -> Article | None:
        return next((article for article in ARTICLES if article.id == id), None)


def section(service: "Cases", edits: "dict[str, object] | None") -> None:
    import streamlit as st

    from bot.evals import cases
    from bot.ui.runs import case_page
    from bot.ui.runs.planning import own_cases_path

    if edits is not None:
        st.session_state["rows"] = edits
        path = own_cases_path(service.evals_home())
        case_page._save(path, cases.load(path), "rows", fresh=False)
    case_page.case_page(service)


def page(lab: FakeLab, edits: dict[str, object] | None = None) -> AppTest:
    app = AppTest.from_function(section, args=(lab, edits), default_timeout=30).run()
    assert not app.exception
    return app


def kept(lab: FakeLab, text: str = dump(CASES)) -> Path:
    path = lab.home / "cases" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_there_is_a_row_to_fill_in(tmp_path: Path) -> None:
    assert "0 cases, stale: 0." in page(Cases(tmp_path)).text[1].value


def test_a_saved_edit_stands_in_the_file_and_is_told(tmp_path: Path) -> None:
    lab = Cases(tmp_path)
    path = kept(lab)
    app = page(lab, {"edited_rows": {0: {"split": "dev"}}, "added_rows": [], "deleted_rows": [2]})
    assert [(case.id, case.split) for case in load(path)] == [("days", "dev"), ("cold", "")]
    assert app.success[0].value.replace("\\", "") == "Saved: 1 case written, 1 case taken out."


def test_a_file_with_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    lab = Cases(tmp_path)
    kept(lab, "- id: a\n  qestion: Why?\n")
    assert "line 2" in page(lab).error[0].value
