"""`footnote search --why` and `--why-not`: the ranking explained."""

from dataclasses import replace

from bot.commands.answers import Source, each, warn_of
from bot.commands.output import Output
from bot.commands.questions import Asked, typed
from bot.commands.reasons import why_not_record, why_not_text, why_record, why_text
from bot.wiring.service import Service


def why(service: Service, output: Output, source: Source, k: int, debug: bool = False) -> int:
    """Prints the k best passages for each question, each with what speaks for it; the exit code."""

    def one(asked: Asked) -> bool:
        # The times and the notes are the search's; the explanation searches once more for all that was thought on the way.
        result = service.library.search(asked.question, k)
        whys = service.library.why(asked.question, k)
        if output.as_json:
            output.record(why_record(asked.id, replace(result, hits=tuple(one.hit for one in whys)), whys))
        else:
            output.say(why_text(whys))
        warn_of(output, asked.id, result.notes)
        return True

    return each(one, output, source, debug)


def why_not(service: Service, output: Output, source: Source, words: str, k: int) -> int:
    """Prints where the passage that holds these words fell out of the k best; the exit code."""
    question = typed(source.question or "", source.scope).question
    found = service.library.why_not(question, words, k)
    output.record(why_not_record(question.text, found)) if output.as_json else output.say(why_not_text(found))
    return 0
