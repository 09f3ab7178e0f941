"""What the page is given of a rendering, of two texts side by side, and of the answers of a trial."""

from dataclasses import replace
from difflib import unified_diff

from fake_pages import PASSAGES, FakePages

from bot.answering.rendering import Rendered
from bot.prompting import parse_prompt
from bot.types import Question
from bot.ui.exchange import stopped
from bot.ui.lab.columns import Column, edited
from bot.ui.lab.prompt_views import difference_sum, prompt_html, rendering_length
from bot.ui.lab.trial import ColumnAnswer, start_trial
from bot.ui.lab.trial_view import TrialData, made_with, trial_data

QUESTION = Question("How long did the ferries stay?")
NAMES = ("old", "new")
MODEL = Column("some-model", "strict")


def tried(question: Question, *columns: Column) -> TrialData:
    trial = start_trial(FakePages(name="some-model"), question, columns, {})
    for one in trial.answers:
        assert one.running is None or one.running.join(10)
    trial.advance()
    return trial_data(trial)


def said(data: TrialData) -> list[list[tuple[str, str]]]:
    """Of each line of the first answer, its runs by kind and text."""
    return [[(run["kind"], run["text"].strip()) for run in one["runs"]] for one in data["answers"][0]["paragraphs"]]


# A rendering


def test_a_rendering_tells_its_length_and_what_went_in() -> None:
    said = rendering_length(Rendered((("user", "Hello"),), 1234, PASSAGES[:1], 2), passages=True)
    assert said == "About 1,234 tokens, with 1 passage; 2 more did not fit. Nothing is sent."


def test_a_rendering_without_passages_does_not_speak_of_them() -> None:
    assert rendering_length(Rendered((), 9), passages=False) == "About 9 tokens. Nothing is sent."


# Two texts


def test_lines_are_counted_as_added_and_removed() -> None:
    lines = unified_diff(["one", "--two", "three"], ["one", "++2", "three", "four"], *NAMES, lineterm="")
    assert difference_sum(list(lines), NAMES) == "From old to new: 2 lines added, 1 line removed."


def test_equal_texts_are_said_to_be_the_same() -> None:
    assert difference_sum([], NAMES) == "old and new are the same."


# A version


def test_a_version_is_told_with_its_variables_apart_and_no_markup() -> None:
    text = "---\ndescription: <b>One</b>.\nvariables: [passages, question]\n---\n# user\nPay $$5 <i>.\n$passages\n$question\n"
    html = "\n".join(prompt_html(parse_prompt(text, "answer", "one")))
    assert "&lt;b&gt;One&lt;/b&gt;." in html and "Pay $5 &lt;i&gt;." in html
    assert html.count("<code>$passages</code>") == 2


# A trial


def test_footnotes_carry_verdicts_in_words_and_have_no_buttons() -> None:
    first, second, third = said(tried(QUESTION, MODEL))
    assert first[1:4] == [("text", "stayed for nine days"), ("number", "1"), ("note", "quoted")]
    numbers = [run for run in second if run[0] in ("number", "note")]
    assert numbers == [("number", "1"), ("note", "number differs"), ("number", "9"), ("note", "no such passage")]
    assert third[-1] == ("note", "no source")


def test_why_a_footnote_does_not_hold_is_told_below() -> None:
    assert tried(QUESTION, MODEL)["answers"][0]["faults"] == [
        "[1] number differs: The passage has “nine” where the claim has “ten”.",
        "[9] no such passage: No passage 9 was given to the model.",
    ]


def test_the_sums_are_of_claims_tokens_cost_and_time() -> None:
    (answer,) = tried(QUESTION, MODEL)["answers"]
    assert answer["sum"][0]["text"] == "1 of 3 claims supported"
    assert answer["facts"][0] == "1,000 tokens in, 50 out, about $0.0010."
    assert answer["facts"][1] == "First words after 0.2 s, all after 1.5 s."


def test_quotations_are_counted_and_not_called_claims() -> None:
    (answer,) = tried(QUESTION, Column())["answers"]
    assert [one["text"] for one in answer["sum"]] == ["2 quotations"]
    assert (answer["title"], answer["made"]) == ("1. Quotations", "Quotations, word for word; no prompt is used")


def test_a_columns_title_tells_the_version_and_what_is_its_own() -> None:
    data = tried(QUESTION, MODEL, Column("other-model", edited("strict")))
    assert data["answers"][0]["title"] == "1. strict"
    assert data["answers"][1]["title"] == "2. strict, edited, not saved"
    assert made_with(Column("", "terse", 0.0, 1200)) == "the server's first model, temperature 0, at most 1,200 tokens"


def test_a_failure_is_the_columns_own_sentence_and_the_sum_counts_it() -> None:
    data = tried(QUESTION, Column("broken-model"), Column())
    problem = data["answers"][0]["problem"]
    assert problem is not None
    assert problem["message"][0]["text"] == "The server of broken-model cannot be reached."
    assert data["answers"][1]["problem"] is None
    assert data["state"] == "1 of 2 answers are whole."


def test_how_far_the_answers_have_come_is_a_sentence() -> None:
    trial = start_trial(FakePages(), QUESTION, [Column(), Column()], {})
    for one in trial.answers:
        assert one.running is None or one.running.join(10)
    first = trial.answers[0]
    assert trial_data(trial)["state"] == "0 of 2 answers are there…"
    first.advance()
    assert trial_data(trial)["state"] == "1 of 2 answers are there…"
    trial.advance()
    assert trial_data(trial)["state"] == "Both answers are there."
    trial.answers[1] = ColumnAnswer(replace(first.exchange, answer=stopped(first.exchange.answer)), column=first.column)
    assert trial_data(trial)["answers"][1]["stage"] == "Stopped: this answer is incomplete."


def test_the_passages_are_told_with_where_they_come_from() -> None:
    assert tried(QUESTION, Column())["given"] == "The 5 passages that every column is given, searched once"
    held = tried(replace(QUESTION, given=PASSAGES), Column())
    assert held["given"] == "The 5 passages that every column is given, held still from the chat"
    assert [one["n"] for one in held["passages"]] == [1, 2, 3, 4, 5]
