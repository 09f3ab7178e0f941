"""What questions ask for: a table of many shapes of them; and which sentences hold such a thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.names import names
from bot.reading.questions import (
    Asked,
    all_asked_for,
    answers,
    asked_for,
    has_date,
    has_duration,
    has_number,
    identified,
    parts,
    says_what_is,
)

ASKED: dict[Asked, str] = {
    "date": """
        When was the bridge opened?
        when did they start
           When was it made?
        WHEN was it made?
        And when did it close?
        But when exactly did it close?
        Since when have they been allies?
        Until when is it open?
        When and where was he born?
        Hi! When does it start?
        Do you know when the song was released?
        Can you tell me when it was built?
        I wonder when the first train ran.
        In the end, when was it finished?
        The bridge was opened when?
        The bridge, which burned, was opened when?
        What year did Tesla die?
        In what year did it happen?
        In which years did it happen?
        On which day was the meeting?
        During which century was it built?
        What was the date of the launch?
        What were the years of the two treaties?
        What is the exact date of the meeting?
        At what time does it open?
        How long ago did they live?
        When it was finished, when did the first train run?
        When season one was filmed
    """,
    "number": """
        How many leaders launched the alliance?
        And how many were there?
        Approximately how many items are shown?
        In the year 2000 how many ships came?
        It has how many pages?
        The fossils were how old?
        How many people died when the bridge fell?
        When the bridge fell, how many people died?
        How many of those who came were paid?
        How much does it cost?
        How long did it last?
        For how long did they stay?
        How old was he when he died?
        How far is it from Tokyo?
        How many years ago did they live?
        What percentage of the city was Catholic?
        Of all who came, what percentage was Catholic?
        What was the estimated population of the town?
        What is the price of a ticket?
        Each has a population that exceeds what number?
        At what age did he die?
        How high was the tower?
        Can you tell me how many there were?
        Do you know how much it costs?
    """,
    "name": """
        Who translated the op-ed?
        who won
        And who paid for it?
        Whose theory was it?
        To whom was the report sent?
        By whom was it built?
        For whom was it built?
        With whom did he work?
        In the US, who decides?
        After the war, who ruled?
        The work was done by who?
        It was written before whose theory?
        And the winner was who?
        Who was the first to fly?
        Who was he with when he died?
        Who was hired?
        Who was Count of Melfi
        Who is the director of the museum?
        Can you tell me who wrote it?
        I don't know who wrote it.
        Which author wrote it?
        Which German architect drew the plan?
        What person said so?
        A man lived there, what was his name?
        Who and under what circumstances can file?
    """,
    "anything": """
        What happens when it rains?
        When it rains, what happens?
        When the war ended, did they go home?
        Does it rain when the wind blows?
        Why did he leave when it rained?
        What did the man who left say?
        What did those who left say?
        Is he the man who left?
        Did Elway, who retired, win?
        What did Elway, who retired, win?
        What does he propose for every American who needs it?
        Tell me about the man who left.
        The player who scored came from which team?
        Who is Yao?
        Who was Edwin Hubble?
        Who's Élodie Åkesson
        How and when did it come?
        What office did he establish, and who leads it?
        How much should we trust them?
        How far can one go?
        How big a problem is it?
        How large an army do they want?
        How was it built?
        Why is it so?
        Where is it?
        What is a sortie?
        What did Queen Elizabeth open?
        What did the population think?
        What is the time of the gods?
        Which Super Bowl did he win?
        Tell me more.
        Is there a charge?
        the bridge
        鄧小平的改革是從什麼時候開始的？
        Wann wurde sie gebaut?
        ?
    """,
}


def told(asked: Asked) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("question", [line[8:] for line in ASKED[asked].splitlines() if line.strip()])


@told("date")
def test_a_when_asks_for_a_date(question: str) -> None:
    assert asked_for(question) == "date"


@told("number")
def test_a_how_many_asks_for_a_number(question: str) -> None:
    assert asked_for(question) == "number"


@told("name")
def test_a_who_asks_for_a_name(question: str) -> None:
    assert asked_for(question) == "name"


@told("anything")
def test_other_questions_and_clauses_ask_for_anything(question: str) -> None:
    assert asked_for(question) == "anything"


def test_an_empty_question_asks_for_anything() -> None:
    assert asked_for("") == "anything"


@pytest.mark.parametrize(
    ("asked", "sentence", "holds"),
    [
        ("date", "The launch was on Dec. 23.", True),
        ("date", "The launch took place in Tokyo.", False),
        ("date", "It was launched by 127 leaders.", False),
        ("number", "It was launched by 127 leaders.", True),
        ("number", "The launch was on Dec. 23.", False),
        ("number", "Many leaders came.", False),
        ("name", "It was translated by Eddy Chang.", True),
        ("name", "It was translated by a friend.", False),
        ("name", "The launch was in December.", False),
        ("anything", "The launch took place there.", True),
    ],
)
def test_a_sentence_holds_what_is_asked_for_or_not(asked: Asked, sentence: str, holds: bool) -> None:
    assert answers(asked, sentence, "the question") == holds


def test_a_name_in_the_question_is_not_its_answer() -> None:
    assert not answers("name", "Yao's op-ed is on Taiwan and Japan.", "Who translated Yao's op-ed on Taiwan and Japan?")


def test_a_possessive_is_the_same_name() -> None:
    assert not answers("name", "Yao's op-ed is cited.", "Who cites Yao?")


def test_a_fuller_name_than_the_questions_is_an_answer() -> None:
    assert answers("name", "Yao Chung-yuan wrote it.", "Who is the Yao who wrote it?")


@pytest.mark.parametrize(
    "sentence", ["It ran until the nineteenth century.", "It ran from 1870 to 1939.", "It ran a few years."]
)
def test_a_duration_may_be_told_by_its_dates(sentence: str) -> None:
    assert answers("number", sentence, "How long did it run?")


def test_dates_do_not_answer_how_many() -> None:
    assert not answers("number", "It ran from 1870 to 1939.", "How many ran?")


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Who launched the alliance and when?", ("Who launched the alliance", "when launched the alliance")),
        ("When did it open, and who drew it?", ("When did it open", "and who drew it")),
        ("Is it open and do I have to pay?", ("Is it open", "do I have to pay")),
        ("The reasons for and against the ban?", ("The reasons for the ban?", "The reasons against the ban?")),
        ("Where was she born?", ("Where was she born?",)),
        ("Who is the man who came when it rained?", ("Who is the man who came when it rained?",)),
    ],
)
def test_the_parts_of_a_question(question: str, wanted: tuple[str, ...]) -> None:
    assert parts(question) == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Who launched it and when?", ("name", "date")),
        ("How many are there, and who owns them?", ("number", "name")),
        ("What is it and when was it?", ("anything",)),
        ("When was it?", ("date",)),
    ],
)
def test_each_clause_wants_a_thing_of_its_kind(question: str, wanted: tuple[str, ...]) -> None:
    assert all_asked_for(question) == wanted


@pytest.mark.parametrize(
    ("question", "holds"),
    [("When does the turbine stand still?", True), ("When must I leave?", True), ("When did the turbine stand still?", False)],
)
def test_a_condition_says_when_something_happens_but_not_when_it_did(question: str, holds: bool) -> None:
    assert answers("date", "It stands still if the wind blows faster than 25 metres.", question) == holds


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who is Ada Brandt?", "Ada Brandt"),
        ("and who's ada brandt", "ada brandt"),
        ("What was the first island chain?", "first island chain"),
        ("Who drew the plans?", ""),
        ("What is it that the mayor of Ner wants to have?", ""),
        ("When is Easter?", ""),
    ],
)
def test_a_question_for_somebody_or_something_is_told_from_others(question: str, name: str) -> None:
    assert identified(question) == name


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
