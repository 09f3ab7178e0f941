"""What a real model makes of the prompts: a record for each case and prompt, kept as it comes, so that a run can go on."""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.conversation.condense import REWRITE_TOKENS, accepted_rewrite, rewrite_messages
from bot.evals.cases import load
from bot.evals.checks import checks
from bot.evals.drafting import PROMPT, draft_with_model
from bot.evals.records import Case
from bot.models import Model, open_model
from bot.prompting import Prompt, PromptFolder
from bot.resources import prompts_dir, seeds_dir
from bot.settings import Settings
from bot.types import Answer, Done, Event, Preview, Question, Token
from bot.wiring import Service, open_service
from bot.wiring.chat import Chat

STARTER = Path(__file__).parents[2] / "bot" / "evals" / "starter.yaml"
STRIDE = 9
"""Cases are taken so far apart, as those that stand together in the file are of one kind."""
DRAFT_TOKENS = 600
"""The most tokens of the cases that are drafted from an article."""

Record = dict[str, Any]
"""What came of one case: a line of the file."""

_MARKER = re.compile(r"[\[【(]\^?(?:ID|citation|source)?[:#]?\s?\d{1,2}(?:[:†][^\]】)]*)?[\]】)]")
_OWN_MARKERS = re.compile(r"\[\d{1,2}\]")


@dataclass(frozen=True, slots=True)
class Trials:
    """The file of the records, and what is in it already."""

    path: Path

    def records(self) -> list[Record]:
        """All that there is by now, in the order in which it came."""
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()] if self.path.exists() else []

    def once(self, key: str, make: Callable[[], Record]) -> Record:
        """The record of that key, made unless it is there."""
        found = next((one for one in self.records() if one["key"] == key), None)
        if found is None:
            found = {"key": key, **make()}
            with self.path.open("a", encoding="utf-8") as out:
                out.write(json.dumps(found, ensure_ascii=False) + "\n")
        return found


def chosen_cases(most: int) -> list[Case]:
    """So many of the starter cases, of all kinds."""
    cases = load(STARTER)
    return [case for first in range(STRIDE) for case in cases[first::STRIDE]][:most]


def answered_cases(cases: Sequence[Case], versions: Sequence[str], settings: Settings, trials: Trials) -> Iterator[Record]:
    """The answers to the cases by each version of the prompt, as the chat gives them."""
    for version in versions:
        prompts = _folder_with(version, settings.home)
        # The version is meant, whatever the model's size would choose.
        service = _opened(settings.model_copy(update={"prompts": str(prompts), "small_model": 0.0}))
        text = PromptFolder(prompts).text("answer", version)
        for case in cases:
            key = f"answer/{version}/{case.id}/{sha256(text.encode()).hexdigest()[:8]}"
            yield trials.once(key, partial(answer_record, case, version, service.chat))
        service.close()


def answer_record(case: Case, version: str, chat: Chat) -> Record:
    """One case asked as a reader would, with what came back and how long it took."""
    begun, moments = time.perf_counter(), dict[str, float]()
    answer: Answer | None = None
    for event in chat.stream(Question(case.question, case.history)):
        _mark(event, moments, begun)
        if isinstance(event, Done):
            answer = event.answer
    assert answer is not None
    record = {"kind": "answer", "version": version, "case": case.id, "question": case.question, "follow_up": bool(case.history)}
    return {**record, **_said(answer), "failed": _failed(case, answer), "moments": moments}


def _mark(event: Event, moments: dict[str, float], begun: float) -> None:
    names = {Preview: "preview", Token: "first", Done: "done"}
    if (name := names.get(type(event))) is not None:
        moments.setdefault(name, round(time.perf_counter() - begun, 3))


def _failed(case: Case, answer: Answer) -> list[str]:
    return [f"{one.name}: {one.why}" for one in checks(case, answer) if one.why]


def _said(answer: Answer) -> Record:
    reply = answer.trace.reply if answer.trace else ""
    return {
        "query": answer.query,
        "reply": reply,
        "text": answer.text,
        "abstained": answer.abstained,
        "notes": [*answer.notes],
        "trouble": answer.trouble.message if answer.trouble else "",
        "claims": [[one.text, one.verdict, [*one.citations]] for one in answer.claims],
        "cited": sum(not one.found for one in answer.citations),
        "found": sum(one.found for one in answer.citations),
        "left": left_markers(answer),
        "prompt_characters": sum(len(text) for _, text in answer.trace.messages) if answer.trace else 0,
    }


def left_markers(answer: Answer) -> int:
    """How many markers stand in the answer's text as text, and not as a footnote."""
    return max(len(_MARKER.findall(answer.text)), len(_OWN_MARKERS.findall(answer.text))) - len(answer.citations)


def rewritten_cases(versions: Sequence[str], settings: Settings, trials: Trials) -> Iterator[Record]:
    """What each version of the condense prompt makes of each follow-up among the starter cases."""
    model = _model(settings)

    def made(case: Case, prompt: Prompt) -> Record:
        question, begun = Question(case.question, case.history), time.perf_counter()
        messages = rewrite_messages(prompt, question)
        reply = model.complete(messages, max_tokens=REWRITE_TOKENS, temperature=prompt.settings.temperature).text
        record = {"kind": "condense", "version": prompt.version, "case": case.id, "question": case.question, "reply": reply}
        return {**record, "accepted": accepted_rewrite(reply, question), "seconds": round(time.perf_counter() - begun, 3)}

    for version in versions:
        prompt = PromptFolder(prompts_dir()).load("condense", version)
        for case in load(STARTER):
            if case.history:
                yield trials.once(f"condense/{version}/{case.id}", partial(made, case, prompt))


def drafted_cases(versions: Sequence[str], articles: int, settings: Settings, trials: Trials) -> Iterator[Record]:
    """What each version of the draft-case prompt makes of some of the example articles."""
    service, model = _opened(settings), _model(settings)

    def made(id: str, prompt: Prompt) -> Record:
        article = service.library.article(id)
        assert article is not None
        replies, begun = list[str](), time.perf_counter()

        def write(messages: Any) -> str:
            reply = model.complete(messages, max_tokens=DRAFT_TOKENS, temperature=prompt.settings.temperature)
            replies.append(reply.text)
            return replies[-1]

        found = draft_with_model([article], prompt, write, lambda asked: service.chat.stream(replace(asked, model="quotes")), 4)
        took = round(time.perf_counter() - begun, 3)
        return {
            "kind": "draft-case",
            "version": prompt.version,
            "article": id,
            "reply": replies[0],
            "kept": [one.question for one in found],
            "seconds": took,
        }

    for version in versions:
        prompt = PromptFolder(prompts_dir()).load(PROMPT, version)
        for path in sorted(seeds_dir().glob("*.md"))[:articles]:
            yield trials.once(f"draft-case/{version}/{path.name}", partial(made, path.name, prompt))
    service.close()


def _model(settings: Settings) -> Model:
    model = open_model(settings)
    assert model is not None
    return model


def _opened(settings: Settings) -> Service:
    """The service over the example articles, read once."""
    service = open_service(settings)
    if not service.library.has_index():
        service.library.ingest([seeds_dir()], prune=False, rebuild=False, progress=lambda *_: None)
    return service


def _folder_with(version: str, home: Path) -> Path:
    """A copy of the prompts with that version of the answer in force."""
    folder = home.with_name(f"prompts-{version}")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prompts_dir(), folder)
    PromptFolder(folder).use("answer", version)
    return folder
