"""`footnote ingest`, `articles` and `doctor`: what is in the index, and in what state."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.commands.output import (
    Output,
    article_record,
    article_text,
    finding_record,
    findings_text,
    report_record,
    report_text,
    summary_record,
    summary_text,
)
from bot.errors import InputError
from bot.wiring.service import Service
from vectorstore.types import Article


def ingest(service: Service, output: Output, paths: Sequence[str], *, prune: bool, rebuild: bool) -> int:
    """Adds and updates articles, and names all that was left out; 1 where nothing at all could be taken in."""
    for path in paths:
        if path.startswith(("http://", "https://")):
            raise InputError(f"{path} is a web address, which cannot be ingested yet.", "Save the page, and ingest the file.")
    with output.progress() as progress:
        report = service.library.ingest([Path(path) for path in paths], prune=prune, rebuild=rebuild, progress=progress)
    output.record(report_record(report)) if output.as_json else output.say(report_text(report))
    for failure in report.failed:
        output.warn(f"Not taken in: {failure.where}: {failure.reason}")
    there = report.added or report.changed or report.unchanged or report.removed
    return 1 if report.failed and not there else 0


def show_all(service: Service, output: Output) -> int:
    """Lists the articles."""
    for summary in service.library.articles():
        output.record(summary_record(summary)) if output.as_json else output.say(summary_text(summary))
    return 0


def show(service: Service, output: Output, id: str) -> int:
    """Prints one article as it is stored."""
    article = _known(service, id)
    output.record(article_record(article)) if output.as_json else output.say(article_text(article))
    return 0


def remove(service: Service, output: Output, ids: Sequence[str]) -> int:
    """Removes articles; all of them, or none where an id is not known."""
    unique = list(dict.fromkeys(ids))
    for id in unique:
        _known(service, id)
    service.library.remove(unique)
    output.record({"removed": unique}) if output.as_json else output.say(f"Removed: {', '.join(unique)}.")
    return 0


def export(service: Service, output: Output, file: str) -> int:
    """Writes all articles as JSON lines that can be ingested again, to a file or, for "-", to stdout."""
    if file == "-":
        for article in _whole(service):
            output.record(article_record(article))
        return 0
    target = Path(file)
    part = target.with_name(target.name + ".part")  # so that a file that is there is whole
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        to_file = Output(stream, output.err)
        for article in _whole(service):
            to_file.record(article_record(article))
    part.replace(target)
    output.record({"exported": file}) if output.as_json else output.say(f"The articles are in {file}.")
    return 0


def _whole(service: Service) -> Iterator[Article]:
    """Each article with its text; one that another process has just removed is not among them."""
    return (article for summary in service.library.articles() if (article := service.library.article(summary.id)) is not None)


def doctor(service: Service, output: Output, repair: bool) -> int:
    """Prints the state of the index, after mending it where that was asked for; 1 where something is wrong."""
    findings = service.library.repair() if repair else service.library.diagnose()
    if output.as_json:
        for finding in findings:
            output.record(finding_record(finding))
    else:
        output.say(findings_text(findings))
    return 0 if all(finding.ok for finding in findings) else 1


def _known(service: Service, id: str) -> Article:
    article = service.library.article(id)
    if article is None:
        raise InputError(f"There is no article {id}.", "`footnote articles` lists those there are.")
    return article
