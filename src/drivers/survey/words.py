"""Words: what column names and labels tell about a column, in Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")
_APART = re.compile(r"[\W_]+")


def searchable(*texts: str) -> str:
    """These texts as small words with blanks between: "SatisfactionScore" is "satisfaction score"."""
    return " ".join(_APART.sub(" ", _CAMEL.sub(" ", text)).strip() for text in texts if text).casefold()


def _split(text: str, between: str | None = None) -> list[str]:
    return text.split(between)


def _words(patterns: str) -> re.Pattern[str]:
    """Any of these, divided by commas, each from the start of a word; a trailing ``$`` closes the word."""
    closed = (rf"\b{p.removesuffix('$')}" + (r"\b" if p.endswith("$") else "") for p in _split(patterns, ", "))
    return re.compile("|".join(closed))


WHOLE = _words(r"overall$, geheel$, algemeen$, algemene$, totaal, total$, general$, all$, al met al, alles bij elkaar")
"""The whole, rather than an aspect."""
SATISFIED = _words(r"(c|o|cu)?sat$, satisf, tevreden, oordeel$, cusa$, rapportcijfer")
"""Satisfaction."""
ASPECT = _words(r"satisf\w* with (?!us$|our$), tevreden\w* (over|met) (de|het|uw)$")
"""Satisfaction with one thing."""
RECOMMEND = _words(r"recommend, aanbeve, aan te bevelen, beveelt, nps$, net ?pro, promoter")
"""The recommendation question of the net promoter score."""
INTENTION = _words(
    r"likel\w* to (stay|buy|purchase|renew|return|remain|switch), intention, intend, repurchase, loyal, "
    r"blijft, blijven$, van plan, cusl$"
)
"""Other intentions of a customer."""
LEFT = _words(r"churn, left$, leaver, vertrok, vertrek, opgezegd, opzeg, cancel, attrit, gone$, weggegaan")
"""Leaving."""
STAYED = _words(r"stayed$, gebleven, retained$, renewed$, verlengd, behouden$")
"""Staying."""
WEIGHT = _words(r"weight, wgt, wt$, gewicht, weeg, weging")
"""A survey weight."""
IDENTITY = _words(
    r"\w*(resp|cust|client|klant|case|record|user|member|panel)\w*(id|num|nr|number|nummer)$, id$, uuid$, "
    r"guid$, (resp\w*|customer|klant|client|case|record|user|member|panel) (id|num|nr|no|number|nummer|code)$, "
    r"respondent\w*$"
)
"""A respondent."""
NUMBERED = _words(
    r"nr$, no$, num$, nummer$, number$, volg ?n(umme)?r$, resp$, key$, sleutel$, case$, record$, index$, pseudoniem$, "
    r"hash$, token$, login$"
)
"""A number or code that may be a respondent's where each row has one of its own."""
STRATUM = _words(r"strat(a|um)$, steekproefcel$, quota ?cel$, sampling (cell|stratum)$")
"""A stratum of the sample."""
DURATION = _words(
    r"duration$, interview ?duur$, invul ?(duur|tijd)$, duur$, tijds ?duur$, loi$, length of interview$, "
    r"completion time$, (interview|survey) (time|length|minutes|seconds)$"
)
"""How long an interview took."""
INTERVIEW_DATE = _words(
    r"(interview|survey|response|recorded|completed?|start(ed)?|end(ed)?|submit(ted)?) ?(date|datum|day|time)$, "
    r"(date|datum) (of )?(the )?(interview|survey|response|enqu[eê]te|invullen|afname)$, "
    r"(afname|invul|interview|enqu[eê]te) ?datum$, datum$, date$, tijdstip$, timestamp$"
)
"""When an interview was held."""
OTHER_DATE = _words(
    r"birth, geboorte, dob$, since$, sinds$, contract, purchase, aankoop, bestel, order, vlucht, flight"
)
"""Another day than that of the interview."""
WAVE = _words(
    r"wave$, golf$, meting, meetmoment, year$, jaar$, quarter$, kwartaal, month$, maand$, period$, periode$, "
    r"ronde$, round$"
)
"""A wave."""
TENURE = _words(
    r"tenure, klantduur, looptijd, (years|months|jaar|jaren|maanden) (as )?(a )?(customer|klant), "
    r"customer (for|since)$, klant sinds"
)
"""How long someone is a customer."""
MARGIN = _words(r"margin$, marge$, contribution margin, winst, profit")
"""Margin."""
REVENUE = _words(r"revenue, omzet, turnover$, cltv$, clv$, lifetime value, klantwaarde")
"""Amounts that are no margin."""
SPLIT = _words(
    r"split, steekproef, holdout, train$, nps group$, finished$, progress$, distribution ?channel$, user ?language$, "
    r"response ?type$, ip ?address$, location (latitude|longitude)$, recipient, external ?(data)? ?reference$, status$"
)
"""A part of the sample, or what a panel tool notes of an interview, which is no group of customers."""
COUNTED = _words(
    r"number of, aantal, count$, times, age$, leeftijd, dependents, referrals, year$, jaar$, months?$, minut, "
    r"kinderen, how (many|often|long), hoe (veel|vaak|lang)$, hoeveel"
)
"""A count, not a rating."""
RATED = _words(
    r"(very|not at all|completely|zeer|heel|helemaal|strongly)$, (dis)?satisf, (on)?tevreden, (dis)?agree, "
    r"(on)?eens$, poor, good, excellent, bad$, slecht, goed, matig, voldoende, onvoldoende, outstanding, "
    r"unacceptable, delight, never$, always$, nooit, altijd, likely, definitely, waarschijnlijk, neutra, "
    r"important, belangrijk"
)
"""An end of a rating scale."""
NO_ANSWER = re.compile(
    "|".join(
        _split(
            r"(i )?(don t|do not|dont) know( .*)?, dk( na)?, weet (ik )?niet( .*)?, w n, weet n(ie)?t, "
            r"(no|geen) (answer|response|antwoord|opinion|mening)( .*)?, n a, n v t, nvt, not applicable( .*)?, "
            r"niet van toepassing( .*)?, does not apply( .*)?, never used( .*)?, nooit gebruikt( .*)?, "
            r"have(n t| not) used( .*)?, blank, refused, geweigerd, wil niet zeggen, missing, skipped, "
            r"not (asked|answered|visited), unknown, onbekend, prefer not to (say|answer)",
            ", ",
        )
    )
)
"""A text that says there is no answer."""

_DUTCH = frozenset(
    _split(
        "de het een en van niet ik u uw bent hoe tevreden over met voor naar zijn heeft wij ons onze meting klant "
        "jaar ja nee vrouw oordeel gewicht welke wat bij deze dit of aan geen mijn zeer meer "
        "tevreden tevredenheid prijs klanten snelheid vriendelijkheid kwaliteit bereikbaarheid medewerker medewerkers "
        "leeftijd geslacht regio weging golf aanbevelen aanbeveling vertrokken opgezegd duur datum cijfer "
        "rapportcijfer algemeen totaal maand winkel levering factuur wachttijd deskundigheid informatie "
        "snel opgelost geholpen "
        "duidelijk betrouwbaarheid afspraak afspraken nakomen respondentnummer stratum wachten loyaliteit marge omzet"
    )
)
_ENGLISH = frozenset(
    _split(
        "the a and of not i you your are how satisfied satisfaction with for to is has we our wave customer year "
        "yes no female overall weight which what at this that or on my very more within "
        "price customers speed friendliness quality staff employee age gender recommend recommendation left stayed "
        "duration date score month store delivery invoice waiting knowledge solved helped clear reliability promise "
        "segment margin revenue loyalty tenure likelihood ease empathy"
    )
)


def language(texts: Iterable[str]) -> tuple[str | None, int, int]:
    """Which language are these texts in, "nl" or "en" (None: neither clearly), by how many Dutch and English words?"""
    found = [word for text in texts for word in searchable(text).split()]
    dutch, english = sum(word in _DUTCH for word in found), sum(word in _ENGLISH for word in found)
    if max(dutch, english) < 3 or min(dutch, english) * 2 > max(dutch, english):
        return None, dutch, english
    return ("nl" if dutch > english else "en"), dutch, english
