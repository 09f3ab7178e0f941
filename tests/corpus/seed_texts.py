"""The words of the example articles that are no plain text; `make_seeds.py` sets them as PDF, web
page and Word file.
"""

EDITORS = "Footnote editors"

HEAP_TITLE = "How a compost heap works"
HEAP_BASICS = (
    "A compost heap turns leaves, grass and kitchen scraps into dark, crumbly earth. The work is done by bacteria and "
    "fungi, which feed on the carbon of the plants and need nitrogen to build their own bodies.",
    "A heap works fastest when it holds about thirty parts of carbon to one part of nitrogen. Gardeners call what is rich "
    "in nitrogen green, and what is rich in carbon brown, whatever its color.",
)
HEAP_ROWS = (
    ("Material", "Carbon to nitrogen", "Kind"),
    ("kitchen scraps", "15 to 1", "green"),
    ("grass clippings", "20 to 1", "green"),
    ("autumn leaves", "60 to 1", "brown"),
    ("sawdust", "400 to 1", "brown"),
)
HEAP_MIXING = (
    "Pile up green and brown materials in turn, in layers as thick as a hand. A layer of twigs at the bottom lets air in "
    "from below. The heap should be as moist as a sponge that has been wrung out.",
    "Because fresh grass packs together and keeps the air out, it needs something coarse between its layers, such as straw "
    "or torn cardboard.",
)
HEAP_HEAT = (
    "A heap of at least one cubic meter grows hot within days, because its outside keeps the warmth of the bacteria in. At "
    "55 to 65 degrees Celsius the seeds of weeds die, and so do most germs. Above 70 degrees the useful bacteria die as "
    "well, and the heap has to be turned.",
    "Turning means moving the outside of the heap to its middle with a fork. Each turning lets in air, so that a heap that "
    "is turned every week can be ripe after two or three months. A heap that is left alone takes about a year.",
)
HEAP_WORMS = (
    "When the heap has cooled down, tiger worms move in. The tiger worm, Eisenia fetida, is red with pale rings, lives in "
    "rotting leaves rather than in the ground, and can eat half its own weight in a day.",
    "The smell of fresh earth comes from geosmin, a substance that soil bacteria of the group Streptomyces make. A ripe "
    "compost smells of geosmin and no longer of what went into it.",
)
HEAP_TROUBLE = (
    "A heap that smells of ammonia holds too much nitrogen, and dry leaves or sawdust mend it. A heap that smells of rotten "
    "eggs lacks air: fork it over, and mix in something coarse.",
    "Meat, fish and cooked leftovers do not belong in an open heap, because they draw rats. Plants with clubroot stay out "
    "too, since the spores of clubroot outlive a heap that is not hot enough.",
)

LICHENS_TITLE = "Lichens: a partnership that grows on bare stone"
LICHENS = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{LICHENS_TITLE} - Mosswood Almanac</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="application/ld+json">
{{"@context": "https://schema.org", "@graph": [
{{"@type": "WebSite", "name": "Mosswood Almanac", "inLanguage": "en"}},
{{"@type": "Article", "headline": "{LICHENS_TITLE}", "author": {{"@type": "Organization", "name": "{EDITORS}"}},
"datePublished": "2026-11-09T07:30:00+00:00", "inLanguage": "en"}}]}}
</script>
</head>
<body>
<header class="site-header"><a class="logo" href="/">Mosswood Almanac</a>
<nav class="menu" aria-label="Main"><ul><li><a href="/mosses">Mosses</a></li><li><a href="/ferns">Ferns</a></li>
<li><a href="/mushrooms">Mushrooms</a></li><li><a href="/newsletter">Newsletter</a></li></ul></nav></header>
<div id="cookie-notice" class="cookie-consent" role="dialog" aria-label="Cookies">
<p>We and our partners use cookies to personalise content.</p><button>Accept all</button> <button>Settings</button></div>
<main>
<article>
<h1>{LICHENS_TITLE}</h1>
<p>A lichen is not a plant but a fungus that lives together with algae or with cyanobacteria. The fungus gives the body of the
lichen, the thallus, its shape and keeps it moist. The algae inside the thallus turn sunlight into sugar, and feed the fungus
with it.</p>
<p>The Swiss botanist Simon Schwendener proposed in 1867 that lichens are double beings, and most experts of his day laughed at
the idea. In 2016 a team around Toby Spribille added a third partner: many lichens hold yeasts in their outer skin as well.</p>
<h2>Three shapes of lichens</h2>
<ul>
<li>Crustose lichens lie on the stone like a coat of paint and cannot be peeled off.</li>
<li>Foliose lichens have lobes like small leaves, with an upper and an under side.</li>
<li>Fruticose lichens grow as tiny shrubs or hang from branches like beards.</li>
</ul>
<h2>How slowly lichens grow</h2>
<p>Crustose lichens are among the slowest of living things. The yellow-green map lichen, Rhizocarpon geographicum, widens by
less than a millimeter a year on cold mountains, and some of its patches are thousands of years old.</p>
<p>Because the map lichen grows so evenly, its width tells how long a rock has lain bare. The Austrian botanist Roland Beschel
worked this out as a method in 1950, and called it lichenometry. Lichenometry dates the moraines of glaciers, rockfalls and old
walls.</p>
<h2>What lichens tell about the air</h2>
<p>Lichens have no roots and take what they need from rain and air, so they cannot keep out poisons. Sulfur dioxide from burning
coal kills beard lichens first. A tree trunk hung with beard lichens is therefore a sign of clean air.</p>
<h2>Uses of lichens</h2>
<p>Litmus, the dye that turns red in acid and blue in lye, is made from lichens of the genus Roccella. In winter, reindeer dig
through the snow for a gray fruticose lichen, Cladonia rangiferina, which is called reindeer moss although it is no moss.</p>
</article>
<aside class="related"><h2>You may also like</h2><ul><li><a href="/sphagnum">Sphagnum, the moss that makes bogs</a></li>
<li><a href="/inkcaps">Ink from inkcap mushrooms</a></li></ul></aside>
</main>
<section id="comments" class="comments"><h2>2 comments</h2>
<div class="comment"><p>fernfan: My garden wall is full of them!</p></div>
<div class="comment"><p>oldoak: Please don't scrub yours off.</p></div></section>
<footer class="site-footer"><p>© 2026 Mosswood Almanac. All rights reserved. <a href="/privacy">Privacy</a></p></footer>
</body>
</html>
"""

VIOLIN_TITLE = "What holds a violin together"
VIOLIN_OPENING = (
    "A violin is built from some seventy pieces of wood, most of them joined with nothing but hide glue. The top, or belly, is "
    "carved from spruce, which is light and stiff along its grain. The back, the ribs and the neck are of maple."
)
VIOLIN_GLUE = (
    "Violin makers use hide glue because it lets go before the wood breaks. When dry winter air shrinks the top, a seam opens "
    "with a crack of the glue, and a repairer closes it again with warm glue and a few clamps. A top held by a modern wood "
    "glue would split instead."
)
VIOLIN_POST = (
    "The sound post is a small rod of spruce that stands inside the violin between the top and the back, and no glue holds it. "
    "Only the pressure of the strings on the bridge keeps the sound post upright, so it may fall over when all the strings are "
    "taken off at once. In French the sound post is called the âme, which means the soul."
)
VIOLIN_BAR = (
    "On the other side, under the lowest string, a long strip of spruce is glued to the inside of the top. The strip is called "
    "the bass bar, and it spreads the trembling of the bridge over the length of the top."
)
VIOLIN_STRINGS = (
    "The four strings of a violin are tuned in fifths, so that each swings three times while the next lower one swings twice. "
    "Together the strings pull with a force of more than 200 newtons, about as much as a weight of 20 kilograms."
)
VIOLIN_NOTE = (
    "The standard ISO 16 puts the A above middle C at 440 hertz. Many orchestras tune a little higher, to 442 or 443 hertz, "
    "and players of baroque music often to 415 hertz."
)
VIOLIN_ROWS = (
    ("String", "Frequency in hertz", "Usual core"),
    ("G", "195.6", "gut, nylon or steel, wound with silver"),
    ("D", "293.3", "gut or nylon, wound with silver or aluminum"),
    ("A", "440.0", "gut or nylon, wound with aluminum"),
    ("E", "660.0", "bare or plated steel"),
)
VIOLIN_BOW = (
    "The bow is strung with 150 to 200 hairs from the tails of horses. Horsehair alone would slide over the strings without a "
    "sound, so the player rubs it with rosin, a hard resin of pines that makes it sticky. The best sticks are of pernambuco, a "
    "wood from Brazil, in which trade has been controlled by the CITES agreement since 2007."
)
