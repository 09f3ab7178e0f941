"""The sentence of a whole article that speaks against a claim, wherever it stands."""

import pytest

from bot.verification.counterevidence import PARAGRAPHS, Opposing, counterevidence
from bot.verification.statements import claimed
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity

ARTICLE = """# The program

The program shows answers with footnotes. Ask in the browser or on the command line.

It works the minute it is cloned, with no key and no network. It costs 40 euros a year.

Every author must sign the list."""


@pytest.fixture(scope="module")
def likeness(minilm_encoder: LocalEncoder) -> TokenSimilarity:
    return TokenSimilarity(minilm_encoder.tokens)


def against(claim: str, likeness: TokenSimilarity, article: str = ARTICLE) -> Opposing | None:
    return counterevidence(claimed(claim), article, "", (), likeness)


@pytest.mark.parametrize(
    ("claim", "words", "kind"),
    [
        ("The program needs a key to work.", "with no key", "other"),
        ("It costs 90 euros a year.", "It costs 40 euros a year.", "number"),
    ],
)
def test_the_sentence_that_says_otherwise_is_found(claim: str, words: str, kind: str, likeness: TokenSimilarity) -> None:
    found = against(claim, likeness)
    assert found is not None
    assert words in ARTICLE[slice(*found.span)]
    assert found.kind == kind


@pytest.mark.parametrize(
    "claim", ["The program shows footnotes.", "It costs 40 euros a year.", "The program needs no key.", "Gulls nest at Ner."]
)
def test_what_the_article_says_itself_has_nothing_against_it(claim: str, likeness: TokenSimilarity) -> None:
    assert against(claim, likeness) is None


def test_what_was_weighed_already_is_spared(likeness: TokenSimilarity) -> None:
    at = ARTICLE.index("It costs")
    assert counterevidence(claimed("It costs 90 euros a year."), ARTICLE, "", [(at, at + 9)], likeness) is None


def test_in_a_long_article_the_paragraphs_with_its_words_are_read(likeness: TokenSimilarity) -> None:
    filler = "\n\n".join(f"Paragraph {n} tells of gulls, and of nothing else at all." for n in range(4 * PARAGRAPHS))
    article = f"{filler}\n\n{ARTICLE}"
    found = against("It costs 90 euros a year.", likeness, article)
    assert found is not None and article[slice(*found.span)] == "It costs 40 euros a year."


@pytest.mark.parametrize(
    ("claim", "article"),
    [
        ("The party wanted to keep control of news.", "The party was unable to keep people from reading."),
        ("Early frost ruins red leaves.", "The best red leaves come after cold nights without frost."),
        ("Larches lose their needles in autumn.", "Pines keep their needles for years."),
        ("The county pays most of the repair.", "The council has not said whether it will pay for the losses."),
    ],
)
def test_a_denial_of_something_else_is_not_against_it(claim: str, article: str, likeness: TokenSimilarity) -> None:
    assert against(claim, likeness, article) is None


def test_exchanged_roles_are_against_it(likeness: TokenSimilarity) -> None:
    found = against("The workers praised the writer.", likeness, "The writer praised the workers in a newspaper.")
    assert found is not None and found.kind == "other"
