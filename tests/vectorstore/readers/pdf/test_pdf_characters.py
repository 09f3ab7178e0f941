"""The characters of a PDF as text."""

from vectorstore.readers.pdf.characters import decoded, reorder_lam_alef

ALEF, LAM, MIM = 0x0627, 0x0644, 0x0645


def test_an_article_of_arabic_in_two_glyphs_stays_as_it_is() -> None:
    codes = [ALEF, LAM, MIM]
    reorder_lam_alef(codes, lambda _: False)
    assert codes == [ALEF, LAM, MIM]


def test_ligatures_of_latin_letters_are_taken_apart() -> None:
    assert decoded([0xFB01, ord("n"), ord("é")]) == "finé"
