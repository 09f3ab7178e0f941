"""The words of the PDFs of the corpus; all of them are made up."""

# ruff: noqa: E501 (the prose of the nested lists is indented, and reads better in lines of one length)

FERRY = [
    "The last ferry to Sandholm left the north quay on 3 October 1964 with eleven passengers, two bicycles and a crated piano. "
    "Nobody on board knew that it was the last one. The company had sent its notice by post, and the post went with the ferry.",
    "For ninety years the crossing had taken forty minutes in fair weather. Captain Aslak Moe, who made it more than thirty "
    "thousand times, kept no log but a row of notches in the wheelhouse door. The door hangs in the town museum now, and "
    "children count the notches; none of them has ever come to the same number twice.",
    "The bridge that put an end to it was opened in the following spring. It carries twelve hundred cars on an ordinary day, "
    "and on the day of the cattle market three times as many. The toll was to be lifted after fifteen years; it was lifted "
    "after thirty-one, when the last loan of the county had been paid back.",
    "What became of the ferry itself is less well known. She was sold to a gravel merchant in Lervik, who took out the "
    "benches and filled her with sand. In 1971 she sank at her moorings in a single night, and was raised again by two "
    "brothers with oil drums and a hand pump. They used her as a workshop until the elder one died.",
    "In the archive of the county there are four folders of letters on the matter. Most of them are complaints. A teacher "
    "asks how her pupils are to come to school from the islets; a doctor reckons that the way round over the bridge costs "
    "him two hours in each direction; a farmer wants to know who is to carry his hay.",
    "The answers are short. The county engineer, a man named Fosse, wrote to each of them that the matter had been weighed "
    "with care. To the farmer he added in his own hand that he was sorry, and that he had grown up on an islet himself.",
    "The piano reached its new owner a week late. It had been bought for the wedding of the shopkeeper's daughter, and was "
    "played at that of her younger sister in its stead. It stands in the community hall and has been out of tune ever since.",
    "Today a small society wants to have the ferry back. Its forty members have found her hull in the mud behind the gravel "
    "works, measured it, and asked a boatyard what it would cost to build her anew on the old lines. The sum was read out at "
    "the annual meeting and met with silence. The treasurer then said that they had begun with less.",
]

HERONS = [
    "For the first time in half a century grey herons have bred on the lower Aune. Wardens counted fourteen nests in the "
    "alders below the paper mill in April, and twenty-two young birds left them before the end of July.",
    "The mill let its waste run into the river until 1988. Fish came back slowly: first perch, then roach, and in 2004 the "
    "first trout. An angling club that had been founded by workers of the mill stocked the upper reaches with fry each May, "
    "at its own cost, for sixteen years.",
    "Herons need shallow water, fish as long as a hand, and quiet between March and June. The last is the hardest to come by. "
    "A footpath leads along the east bank, and dogs run there without a leash although signs forbid it.",
    "The county has now closed the path for fifteen weeks a year. Walkers are led over the hill, which adds a mile to the way "
    "to the station. Two petitions were handed in, one against the closure with 212 names and one for it with 1,340.",
    "Biologists at the university have put rings on nine of the young birds. One was seen in September at a reservoir 300 "
    "kilometres to the south; another came no further than the fish ponds of the neighbouring village, whose owner was less "
    "pleased than the biologists.",
    "He has lost about a tenth of his carp, he reckons, and has asked for compensation. The county pays for damage by wolves "
    "and lynx, but not by birds. A net over the ponds would cost more than the carp bring in.",
    "Meanwhile a second colony has been found on an island upstream. It has only three nests, and no path leads to it. The "
    "wardens have decided not to tell anybody where it is, and they ask those who know to do the same.",
    "Next spring a camera is to be put up in the alders. It will send a picture each minute to a screen in the town library, "
    "where the old men who used to watch the building site of the new bridge have asked for a bench.",
] * 2

SALT = [
    "Salt came over the hills on the backs of small horses, forty to a train, each with two sacks of a hundredweight. The "
    "leader wore bells, so that trains might hear each other in fog and wait at one of the few places where two could pass.",
    "The track was never paved. Where it crossed the bogs, bundles of heather were laid down each spring, and the layers can "
    "still be counted in the peat: at Mossgate there are one hundred and sixty of them, one for each year of the trade.",
    "A tax was taken at the three fords. It was paid in salt, a handful for each sack, and the size of a handful was a matter "
    "of lasting dispute. In 1702 the magistrates had a wooden measure made, which the carriers said was the hand of a giant.",
    "When the canal was opened the trade ended within two seasons. Horses were sold at a third of their worth, and the inns "
    "along the way lost their custom. Five of the nine are farmhouses now; one kept its licence until 1931.",
]

HYPHENATED = [
    "The management of the mine was a well-known family of mer-",
    "chants. They sold the smelted ore in long-term contracts, and the smel-",
    "ted bars went by river to the coast. A well-",
    "known buyer was the crown. The har-",
    "bour took tin on Monday, copper on Friday. The agree-",
    "ment was for pre- and post-war deliveries, and it was manage-",
    "ment that broke the agreement.",
]

FOOTNOTED = [
    {
        "lines": [
            ("The bell of Tveit was cast in 1688 from the copper of three stills.", "1"),
            ("It hung in the old church until the fire of 1842, and was found whole in the ashes", ""),
            ("by a boy of nine, who was given a silver coin for it.", ""),
        ],
        "notes": ["1 The stills had been taken from farmers by the bailiff."],
    },
    {
        "lines": [
            ("The new tower was finished only in 1851.", "2"),
            ("Since then it has been rung by hand on each Saturday at five.", ""),
        ],
        "notes": ["2 Church accounts, volume 4, leaf 12."],
    },
]

REPORT = [
    "In the past year the island boats carried more people than in any year since the war, and lost fewer days to weather. The "
    "board puts this down to the new engine of the Embla and to a mild winter.",
    "Fog was the main cause of lost days, as it always has been. The keeper of the light at Ness counts the hours, and his "
    "figures for the first quarter are these.",
    "The board thanks the keeper, who retires in the autumn after thirty-eight years, and asks that his post be filled before "
    "the first storms.",
]

MILL = [
    "The season opens on the first Monday of May. In the two weeks before it, every gate is to be opened and closed by hand at "
    "least twice, whatever the state of the motors.",
    "Oak gates last about thirty years, and fail from below. A gate that drags on its sill is to be reported on the same day, "
    "even if it still closes.",
    "A sluice that hums is letting stones through. Close it, wait for the level to settle, and have the screen cleaned before "
    "it is opened again.",
    "When the upper gauge shows more than three metres, all boats are to be held below the weir. The keeper decides alone, and "
    "need not give a reason. Skippers who complain may do so in writing, once the water has fallen.",
]

CHINESE = [
    "南山茶园的最后一位看守人",
    "陈伯今年八十二岁，在南山的茶园里住了六十年。他每天清晨五点起床，沿着石阶走到山顶，查看昨夜的雨水有没有冲坏水沟。茶园原来有三十户人家，现在只剩下他一个人。",
    "一九七五年，茶园一年出产四千斤茶叶，用骡子驮到山下的车站。公路修通以后，年轻人都到城里去了，茶树慢慢长成了野树，最高的有五米。",
    "去年秋天，一家大学的研究小组来到山上，给每一棵老树编了号。他们数出一千二百一十六棵，其中最老的一棵大约有三百四十年。陈伯说，他小时候叫它祖母树。",
    "镇政府打算把茶园改成公园，门票十元。陈伯没有反对，只提了一个要求：祖母树的叶子，每年春天还由他来摘。",
]

SLIDES = [
    ("Otters on the Aune", ["Survey of spring 2024", "Nine volunteers, forty kilometres of bank"]),
    ("What we found", ["Spraint at 61 of 80 bridges", "Two holts with young", "No sign below the weir"]),
    ("What comes next", ["Cameras at both holts", "A ledge under the road bridge", "Another count in October"]),
]

KILNS = {
    "abstract": [
        "Charcoal kilns are the most common monuments of the Rana plateau, and the least studied. We mapped",
        "412 of them by laser scanning, dug eleven, and dated charcoal from each. The oldest was burnt in the",
        "ninth century; most belong to the two centuries after 1250, when iron was made in the valley below.",
    ],
    "sections": [
        (
            "1. Introduction",
            [
                "The plateau lies between 600 and 800 metres above the sea and was wooded with pine until the end of the Middle "
                "Ages. Today it is bog and heath. Round pits with a low bank, three to five metres across, lie all over it, singly "
                "and in rows, and have been taken for traps, for graves and for the work of giants.",
                "That they are kilns was first said by a forester in 1921, who found charcoal in every one that he opened. His "
                "notes were never printed. They are kept at the district office and are used here for the first time.",
                "Our aim is a modest one: to count the kilns, to date some of them, and to ask how many trees went into the iron "
                "of the valley. The answer to the last question turned out to be larger than we had thought.",
            ],
        ),
        (
            "2. Methods",
            [
                "The plateau was scanned from the air in May 2016, before the birches had leaves. Two of us marked every round "
                "hollow on the images without knowing what the other had marked; where we differed, the place was visited.",
                "Eleven kilns were chosen by lot and dug by quarters. From each a piece of charcoal with the bark still on it was "
                "sent to the laboratory, so that the year of the felling would be dated and not the youth of the tree.",
                "The volume of each kiln was reckoned from the scan. A trial burning with a kiln of our own, in the summer of "
                "2017, showed that a little less than a quarter of the wood comes out as charcoal.",
            ],
        ),
        (
            "3. Results",
            [
                "There are 412 kilns, nearly twice as many as had been known. They keep away from the bogs and from each other: "
                "the nearest neighbour is seldom closer than eighty metres, which is about as far as logs are willingly dragged.",
                "Nine of the eleven dates fall between 1250 and 1430. One is of the ninth century, and one was burnt after 1700, "
                "perhaps for a smithy at the summer farm beside it, where a forge is named in a deed of 1712.",
                "Filled once, all the kilns together would hold wood from about three square kilometres of forest. Some were used "
                "again and again, as layers in their banks show, and so the forest that was felled must have been many times that.",
                "We take this to be enough to explain why the plateau has no trees. The climate, which has been blamed until now, "
                "grew colder only when most of the kilns had been abandoned already.",
            ],
        ),
        (
            "4. Conclusion",
            [
                "The heath of the Rana plateau is a work of people. Those who wish to keep it as it is should know that they keep "
                "an industrial landscape, and those who wish to have the forest back may point to the pollen in the bogs.",
            ],
        ),
        ("5. Note on the herons of the plateau", HERONS[:8]),
        ("6. Note on the carriers", [*SALT, *FERRY]),
    ],
}
