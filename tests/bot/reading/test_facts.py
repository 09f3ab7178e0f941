"""The hard facts that are found in a text: tables of what is one and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.facts import common_words, has_date, has_duration, has_number, names, says_what_is, words

DATES = """
    It opened on 4 May 1931.
    It opened on May 4th, 1931.
    It opened on the 4th of May.
    The meeting was held on Jan. 7.
    The meeting was held on Jan 7.
    The launch was on Dec. 23 of that year.
    It was signed in December.
    it was signed in december
    They met in May.
    They met in early March.
    It closed in August.
    In 1972 the ties were cut.
    Since 1972, there have been none.
    The reforms date from the late 1970s.
    They were popular in the '90s.
    In the roaring twenties everyone danced.
    It was built in the 19th century.
    It was built in the nineteenth century.
    It was founded c. 300 by monks.
    Rome fell in 476.
    Caesar died in 44 BC.
    It erupted in AD 79.
    The store opens at 9 a.m. daily.
    Workers rise at 3am.
    It ended at 23:45.
    They left at six o'clock.
    The bell rings at noon.
    The court sits on Mondays.
    He arrived on Friday.
    He left yesterday.
    It was published last year.
    It was published the previous month.
    It happens every week.
    The fossil formed 66 million years ago.
    She died three days later.
    She died a year before.
    It was rebuilt two decades after the war.
    It will follow within three weeks.
    It ended in the spring of that year.
    The snow melts in spring.
    One night the bridge fell.
    It is sung at Christmas.
    It started in the Middle Ages.
    It was a town in the Bronze Age.
    It was made under the Ming dynasty.
    It was bombed in World War II.
    He began at the age of twelve.
    Released 2019-02-03.
    Released 12/23/2019.
    Released 23.12.2019.
    It rains in the afternoon.
    会议于1月7日举行。
    改革始于七十年代。
"""
NO_DATES = """
    It may rain.
    Soldiers march on the city.
    Theresa May spoke.
    It had 127 leaders.
    It cost $1500.
    It cost 1,932 pounds.
    It weighs 2000.5 tons.
    It took five minutes.
    It lasted three years.
    It has grown over the past few years.
    It has grown in the last ten years.
    The pound fell by 12%.
    An august company gathered.
    The spring supplies the town with water.
    The coil is a spring.
    The advertisement was wrong.
    In 476 cases the court agreed.
    In 127 Japanese towns it is so.
    It was launched by 127 Japanese leaders.
    The fall of Rome was slow.
    The translator lives in Okinawa.
    It happens for a reason.
    They decided to sit in the sun.
    The second article is longer.
    The version is 2.0.
"""
NUMBERS = """
    It has 127 members.
    There were over 14,000 items.
    Some 2000 guests came.
    It was attended by 2000 guests.
    It rose by 12%.
    Three of them spoke.
    It was won twice.
    A dozen ships lay there.
    Hundreds of channels came.
    Half of the houses burned.
    About a third voted.
    Two-thirds of the voters agreed.
    A couple of ships lay there.
    None of the treaties did.
    Both agreed.
    It has one cylinder.
    It is won once a year.
    It cost ½ a pound.
    It has 1.1 × 1011 tons.
    Seventeen seconds were left.
    It took place in 1972 and drew 300 people.
    On 4 May 1931, twelve trains ran.
    其中有三百人。
"""
NO_NUMBERS = """
    Many came.
    It opened on 4 May 1931.
    It was held on Jan. 7.
    It was signed in 1972.
    The reforms date from the 1970s.
    It was built in the 19th century.
    From 2005 to 2010 nothing was done.
    Between 1998 and 2000 nothing was done.
    It was published on 2019-02-03.
    No one knows.
    One of the authors disagrees.
    He is the one who left.
    One could say so.
    One day it fell.
    They know one another.
    Once the war had ended, they left.
    The F-16 flew.
    The COVID-19 pandemic began.
    So the author says [12].
    The French Quarter is old.
    The quarterback fell.
    It is the third article.
"""


def lines(table: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("text", [line.strip() for line in table.strip().splitlines()])


@lines(DATES)
def test_a_time_is_found(text: str) -> None:
    assert has_date(text)


@lines(NO_DATES)
def test_what_is_no_time_is_not_taken_for_one(text: str) -> None:
    assert not has_date(text)


@lines(NUMBERS)
def test_a_quantity_is_found(text: str) -> None:
    assert has_number(text)


@lines(NO_NUMBERS)
def test_what_is_no_quantity_is_not_taken_for_one(text: str) -> None:
    assert not has_number(text)


@pytest.mark.parametrize(
    "text", ["It took five minutes.", "It took the past few years.", "It lasted for centuries.", "It ran a week."]
)
def test_a_duration_is_found(text: str) -> None:
    assert has_duration(text)


@pytest.mark.parametrize("text", ["It opened in 1931.", "The years went by.", "It is long."])
def test_what_is_no_duration_is_not_taken_for_one(text: str) -> None:
    assert not has_duration(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The op-ed was translated by Eddy Chang.", ["Eddy Chang"]),
        ("It was led by Ludwig van Beethoven and by the Bank of England.", ["Ludwig van Beethoven", "Bank of England"]),
        ("Yao Chung-yuan is a professor.", ["Yao Chung-yuan"]),
        ("However, Yao disagreed.", ["Yao"]),
        ("The Abe administration declined.", ["Abe"]),
        ("In Tokyo, leaders met.", ["Tokyo"]),
        ("Yao's op-ed names Abe’s rule.", ["Yao", "Abe"]),
        ("It was held in Tokyo.", ["Tokyo"]),
        ("He wrote: “The Diet must act.”", ["Diet"]),
        ("Łukasz met Élodie Åkesson in Łódź.", ["Łukasz", "Élodie Åkesson", "Łódź"]),
        ("It was Deng Xiaoping (鄧小平).", ["Deng Xiaoping", "鄧小平"]),
        ("The U.S. and NATO agreed.", ["U.S. and NATO"]),
        ("He met J. R. R. Tolkien.", ["J. R. R. Tolkien"]),
        ("The launch was in December, on a Friday.", []),
        ("When I left, nobody spoke.", []),
        ("Cooperation remains a sensitive issue.", []),
        ("Fear has never left the party.", ["Fear"]),  # nothing in its form tells it from "Musk has never left"
        ("Institutions remain weak.", []),
        ("Restrictions stand in the way. Such laws are rare.", []),
        ("nothing here is a name", []),
        ("", []),
    ],
)
def test_names_as_they_stand(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_a_word_that_is_written_small_elsewhere_is_no_name_at_the_beginning() -> None:
    common = common_words(["The ships of Ner lay there.", "Brown was the brown dog of Mr Brown."])
    assert names("Ships lay there. Brown barked. Musk left.", common) == ["Brown", "Musk"]


def test_common_words_are_those_that_are_never_names() -> None:
    assert common_words(["Ner saw the Bay.", "The bay froze.", "the ships"]) == {"saw", "froze", "the", "ships"}


@given(st.text())
def test_names_are_words_of_the_text(text: str) -> None:
    assert all(name in text for name in names(text))


@given(st.text(alphabet=st.characters(codec="utf-8")), st.sampled_from([" On Jan. 7 it fell.", " In 1972 it fell."]))
def test_text_before_a_sentence_does_not_hide_its_date(before: str, sentence: str) -> None:
    assert has_date(before + sentence)


@pytest.mark.parametrize("text", ["", " ", "\n", "?!", "🚀", "\ud800"])
def test_a_text_without_words_holds_nothing(text: str) -> None:
    assert (has_date(text), has_number(text), names(text)) == (False, False, [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ada Brandt", "Ada Brandt, an engineer from Ner, drew the plans."),
        ("Ada Brandt", "The council's chief engineer, Ada Brandt, drew the plans."),
        ("Ada Brandt", "The plans of the engineer Ada Brandt were lost."),
        ("ada brandt", "Her successor is Ada Brandt."),
        ("Ada Brandt", "Brandt was the first to cross it."),
        ("Ner", "Ner (Old Ner) is a town on the river."),
        ("first dam", "The first dam is the wall above the farms."),
        ("TRA", "Japan has no Taiwan Relations Act (TRA) of its own."),
    ],
)
def test_a_sentence_says_what_something_is(name: str, text: str) -> None:
    assert says_what_is(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ada Brandt", "Ada Brandt crossed the bridge at noon."),
        ("Ada Brandt", "The plans by Ada Brandt were lost."),
        ("Ada Brandt", "Brandt was praised for it."),
        ("Ner", "The bridge is near Ner."),
        ("dam", "The mayor is a friend of the dam."),
    ],
)
def test_a_sentence_that_only_mentions_something_does_not_say_what_it_is(name: str, text: str) -> None:
    assert not says_what_is(name, text)


def test_words_are_told_apart_without_case() -> None:
    assert words("Taiwan, TAIWAN and Straße") == {"taiwan", "and", "strasse"}
