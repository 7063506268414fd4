"""Closed lists of words, language by language, that change what a sentence says."""

from functools import cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


LANGUAGES = frozenset({"en", "fr", "es", "de"})
"""The languages whose negations, hedges and conditions are known; in others only exact words can be verified."""

_NEGATIONS = {
    "en": _words(
        "not no never without neither nor none nobody nothing cannot hardly barely refuse refuses refused refusing "
        "reject rejects rejected rejecting deny denies denied denying decline declines declined declining fail fails "
        "failed failing lie contrary bars barred barring ban bans banned banning prohibit prohibits prohibited forbid forbids forbidden forbade "
        "prevent prevents prevented refrain refrains refrained lack lacks lacked false untrue dismiss dismisses dismissed"
    ),
    "fr": _words(
        "pas jamais sans aucun aucune ni rien personne nul nulle refuse refusent refusé refusait nie nient nié niait "
        "dément démentent démenti rejette rejettent rejeté exclut exclu excluent"
    ),
    "es": _words(
        "no nunca jamás sin ningún ninguna ninguno ni nada nadie tampoco niega niegan negó negaron rechaza rechazan "
        "rechazó rechazaron descarta descartan descartó descartaron"
    ),
    "de": _words(
        "nicht kein keine keinen keiner keinem keines nie niemals ohne weder noch niemand nichts verweigert "
        "verweigerte verweigern bestreitet bestritt bestreiten dementiert dementierte ausgeschlossen"
    ),
}
_HEDGES = {
    "en": _words(
        "may might could would should can considering consider considers considered whether alleged allegedly "
        "reportedly purportedly suspected apparent apparently possibly perhaps probably likely potential potentially "
        "fear fears feared expected hopes hoped unconfirmed claimed suggests seems seemed appears appeared believe "
        "believes believed think thinks provisional tentative partial partially proposed planned"
    ),
    "fr": _words(
        "pourrait pourraient peut peuvent devrait devraient serait seraient aurait auraient envisage envisagent "
        "présumé présumée présumés présumées prétendu prétendument éventuel éventuelle probablement peut-être craint"
    ),
    "es": _words(
        "podría podrían puede pueden debería deberían sería serían habría habrían considera consideran presunto "
        "presunta presuntos presuntas presuntamente supuesto supuesta posible posiblemente probablemente teme temen"
    ),
    "de": _words(
        "könnte könnten kann können dürfte dürften sollte sollten würde würden wäre wären erwägt erwägen mutmaßlich "
        "mutmaßliche mutmaßlichen mutmaßlicher mutmasslich mutmassliche angeblich angebliche angeblichen "
        "möglicherweise vielleicht wahrscheinlich wohl"
    ),
}
_CONDITIONS = {
    "en": ("if", "unless", "provided", "providing", "subject to", "as long as", "on condition", "except", "until",
           "only after", "only when", "only if", "once", "in case", "in the event", "conditional on", "contingent on", "assuming", "pending"),
    "fr": ("si", "sauf", "à condition", "pourvu que", "sous réserve", "à moins", "tant que"),
    "es": ("si", "salvo", "a condición", "siempre que", "siempre y cuando", "a menos", "con la condición", "a no ser"),
    "de": ("wenn", "falls", "sofern", "sobald", "vorbehaltlich", "unter der bedingung", "es sei denn", "solange"),
}  # fmt: skip
_QUANTIFIERS = {
    "en": ("at least", "at most", "up to", "more than", "less than", "fewer than", "nearly", "almost", "about",
           "around", "roughly", "over", "under", "only", "some", "approximately", "no more than", "all", "most", "half"),
    "fr": ("au moins", "au plus", "jusqu à", "plus de", "moins de", "près de", "environ", "quelque", "seulement"),
    "es": ("al menos", "como máximo", "hasta", "más de", "menos de", "cerca de", "casi", "unos", "unas", "sólo", "solo"),
    "de": ("mindestens", "höchstens", "bis zu", "mehr als", "weniger als", "fast", "rund", "etwa", "knapp", "nur"),
}  # fmt: skip
_SPEECH = {
    "en": _words(
        "said says say saying told tells tell told asked added argued claimed insisted warned warns announced stated "
        "declared described called calls denied confirmed according reported reports wrote replied noted explained"
    ),
    "fr": _words("dit disent déclaré affirmé estimé ajouté selon annoncé indiqué expliqué assuré averti répondu"),
    "es": _words("dijo dijeron declaró afirmó aseguró según anunció indicó explicó añadió advirtió respondió sostuvo"),
    "de": _words("sagte sagt sagten erklärte erklärten laut zufolge betonte warnte kündigte behauptete meinte fügte"),
}


FALSITY = _words("false untrue wrong lie nonsense denied fabricated faux falsch gelogen falso mentira")
"""Words that, at the end of a sentence, take back what it tells."""
REVERSALS = _words(
    "scrapped scrap scraps broke broken breaks breaking yet withdrew withdrawn retracted wrongly falsely unlikely may "
    "might considering considers consider mulling weighing whether denied collapsed close nearing"
)
"""English words beside which a commitment that was agreed, pledged or decided is not, or no longer."""
PARTS = _words("half most some none few part third quarter")
"""Words that, before "of", say that less than the whole is meant."""


def _inflected(text: str) -> frozenset[str]:
    """Regular English verbs with their endings; a word after a + stands as it is."""
    verbs, _, others = text.partition("+")
    found = set(others.split())
    for verb in verbs.split():
        base = verb.removesuffix("e")
        found |= {verb, f"{verb}s", f"{base}ed", f"{base}ing"}
    return frozenset(found)


_STATUSES = {
    "agreed": _inflected(
        "agree seal settle conclude accept consent + signed signing sign agreement agreements accord pact deal treaty "
        "settlement ratify ratified accepted joint jointly commitment committed commits"
    ),
    "pledged": _inflected(
        "pledge promise vow guarantee assure ensure + commit commits committed commitment commitments swear swore "
        "undertake undertook unconditionally will"
    ),
    "decided": _inflected(
        "decide rule order impose announce approve adopt end suspend abandon raise direct issue grant launch increase "
        "resolve sanction invest spend block prohibit extend freeze + decision ruling ban bans banned withdraw withdrew set cut will invoked"
    ),
    "planned": _inflected(
        "intend aim schedule prepare expect start + plan plans planned planning will going due begin begins set"
    ),
    "proposed": _inflected("propose offer suggest urge call draft recommend + proposal would consider considering"),
    "threatened": _inflected("threaten warn retaliate + threat ultimatum will would unless"),
    "refused": _inflected(
        "refuse reject decline oppose resist end abandon block dismiss + deny denies denied denying rule ruled rules not never no "
        "cannot won't nor neither without"
    ),
}
_AGREEMENTS = _words("agreement agreements accord pact deal treaty settlement commitment joint jointly")
_EXPECTATIONS = _inflected("expect believe fear hope think predict + believed thinks feared expects expected")
_FUTURES = _words("will would going due expect expects expected")
_STANCES = {
    "supports": _inflected(
        "support welcome praise hail applaud appreciate endorse back pledge thank congratulate salute cheer defend "
        "celebrate embrace favour favor relieve approve + success prosperity benefit benefits victory relief glad pleased "
        "happy proud grateful commended lauded historic progress breakthrough"
    ),
    "opposes": _inflected(
        "oppose reject condemn denounce rebuke criticise criticize accuse undermine violate blame slam dismiss block "
        "protest decry deplore lambast blast attack resist object dispute challenge boycott refuse resent + deny denied "
        "denies veto vetoed aggression atrocities imperialist unacceptable illegal unfair nonsense shameful outrage "
        "disgrace betrayal against scathing slammed"
    ),
    "concerned": _inflected(
        "fear warn alarm threaten undermine violate caution doubt endanger hurt + concern concerned concerns worry "
        "worried worries threat danger dangerous risk risks could desperately trafficking afraid anxious uneasy urged "
        "urges restraint alarming crisis regret regrets regretted troubling"
    ),
}
RISKS = _inflected(
    "threaten fear warn risk undermine endanger jeopardise jeopardize harm damage worry escalate worsen hurt destroy poison collapse lose cost + likely afraid without loss losses shortage shortages could may might "
    "would threat threats concern concerned concerns danger dangerous dangers worries worried risks risky potential "
    "potentially violate vulnerable crisis"
)
"""English words one of which stands where a possible harm is told."""
_CONJUNCTIONS = {
    "en": _words("and but who which whom because while whereas although"),
    "fr": _words("et mais qui parce tandis"),
    "es": _words("y e pero quien porque mientras"),
    "de": _words("und aber weil während"),
}
_PREPOSITIONS = {
    "en": _words("in at on near from by during after before under over with for outside inside across along via as"),
    "fr": _words("à au aux dans en sur près de du des pendant après avant sous avec pour chez vers par lors"),
    "es": _words("en a al de del sobre cerca durante tras después antes bajo con para desde hacia por ante"),
    "de": _words("in im an am auf bei beim nahe von vom während nach vor unter mit für aus zu zum zur über"),
}
_FUNCTION = {
    "en": _words(
        "a an the of to in on at by for from with and or but as is are was were be been being am it its this that "
        "these those he she they them his her their him we us our you your i me my who whom which what when where "
        "there here has have had do does did will would shall should can could may might must than then so if into "
        "out up down over under about after before during also both such more most other another any each all some "
        "said says say told very just only own same too s one"
    ),
    "fr": _words(
        "le la les l un une des du de d à au aux en dans sur par pour avec et ou mais que qu qui dont où ce cet cette "
        "ces il elle ils elles se s sa son ses leur leurs nous vous je on y est sont était étaient être été a ont avait "
        "avaient avoir plus aussi comme si sous vers entre"
    ),
    "es": _words(
        "el la los las un una unos unas de del a al en por para con y e o u pero que quien cuyo donde este esta estos "
        "estas ese esa eso lo le les se su sus nos es son era eran ser sido fue fueron ha han había haber más también "
        "como si sobre entre"
    ),
    "de": _words(
        "der die das den dem des ein eine einen einem einer eines und oder aber dass von vom zu zum zur in im an am auf "
        "bei mit für aus nach vor über unter durch ist sind war waren sein gewesen wird werden wurde wurden hat haben "
        "hatte hatten es er sie wir ihr sein seine ihre sich auch als wie so"
    ),
}
HARMLESS = {
    "en": _words("a an the that also then this its"),
    "fr": _words("le la les l un une des aussi"),
    "es": _words("el la los las un una unos unas también"),
    "de": _words("der die das den dem des ein eine einen einem einer auch"),
}
"""Words that may be missing from, or be added to, a copy of a sentence without making it another sentence."""


@cache
def negations(language: str | None) -> frozenset[str]:
    """Words that negate, deny, refuse or exclude; of every known language where it is unknown."""
    return _of(_NEGATIONS, language)


@cache
def hedges(language: str | None) -> frozenset[str]:
    """Words that make a claim less than certain."""
    return _of(_HEDGES, language)


@cache
def speech(language: str | None) -> frozenset[str]:
    """Verbs by which a text says who speaks."""
    return _of(_SPEECH, language)


@cache
def conjunctions(language: str | None) -> frozenset[str]:
    """Words that begin a clause which what stands before them does not govern."""
    return _of(_CONJUNCTIONS, language)


@cache
def prepositions(language: str | None) -> frozenset[str]:
    """Words with which an adverbial begins."""
    return _of(_PREPOSITIONS, language)


@cache
def function_words(language: str | None) -> frozenset[str]:
    """Words that carry no content of their own."""
    return _of(_FUNCTION, language) | negations(language)


def harmless(language: str | None) -> frozenset[str]:
    """Words whose absence changes nothing; none where the language is unknown."""
    return HARMLESS.get(language or "", frozenset())


def status_words(status: str, language: str | None, said: frozenset[str]) -> frozenset[str] | None:
    """Words one of which stands where a commitment has that status, in a sentence of the words `said`.

    Where somebody only speaks of an agreement, its name is none of them; where somebody expects something,
    the future is none. None where the language is not English, for which alone they are known.
    """
    if language != "en":
        return None
    found = _STATUSES[status]
    if said & _SPEECH["en"]:
        found -= _AGREEMENTS
    return found - _FUTURES if said & _EXPECTATIONS else found


@cache
def stances(language: str | None) -> dict[str, frozenset[str]]:
    """Words that speak for a stance, by stance; known for English only."""
    return _STANCES if language == "en" else {}


@cache
def conditions(language: str | None) -> tuple[tuple[str, ...], ...]:
    """Phrases with which a condition begins, as word sequences."""
    return _phrases(_CONDITIONS, language)


@cache
def quantifiers(language: str | None) -> tuple[tuple[str, ...], ...]:
    """Phrases that bound a number or an amount, as word sequences."""
    return _phrases(_QUANTIFIERS, language)


def _of(table: dict[str, frozenset[str]], language: str | None) -> frozenset[str]:
    return table[language] if language in table else frozenset().union(*table.values())


def _phrases(table: dict[str, tuple[str, ...]], language: str | None) -> tuple[tuple[str, ...], ...]:
    chosen = table[language] if language in table else tuple(p for phrases in table.values() for p in phrases)
    return tuple(tuple(phrase.split()) for phrase in chosen)


DAYS_OF_THE_WEEK = {
    "en": "monday tuesday wednesday thursday friday saturday sunday".split(),
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag".split(),
}
WEEKDAYS = frozenset(day for days in DAYS_OF_THE_WEEK.values() for day in days)
MONTHS = _words(
    "january february march april june july august september october november december janvier février mars avril "
    "juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre januar februar märz juni juli oktober dezember"
)
RELATIVE_DAYS = _words(
    "today yesterday tomorrow tonight hier demain aujourd ayer mañana hoy heute gestern morgen next last"
)

SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "millions": 1e6, "mn": 1e6, "m": 1e6, "mio": 1e6,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "trillion": 1e12, "tn": 1e12, "milliard": 1e9, "milliards": 1e9,
    "mille": 1e3, "mil": 1e3, "millón": 1e6, "millones": 1e6, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9,
    "mrd": 1e9, "tausend": 1e3,
}  # fmt: skip
SPELLED_SIGNS = ((" per cent", " %"), (" pour cent", " %"), (" por ciento", " %"), (" por cento", " %"))
CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₽": "RUB", "₹": "INR"}
PERCENTAGE_POINTS = (["percentage", "points"], ["percentage", "point"])
UNITS = {
    **dict.fromkeys(("%", "percent", "pc", "prozent"), "%"),
    **dict.fromkeys(("dollar", "dollars"), "USD"),
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("pound", "pounds"), "GBP"),
    **dict.fromkeys(("second", "seconds", "seconde", "secondes", "segundos", "sekunden"), "s"),
    **dict.fromkeys(("minute", "minutes", "minutos", "minuten"), "min"),
    **dict.fromkeys(("hour", "hours", "heure", "heures", "hora", "horas", "stunde", "stunden"), "h"),
    **dict.fromkeys(("day", "days", "jour", "jours", "día", "días", "tag", "tage", "tagen"), "days"),
    **dict.fromkeys(("week", "weeks", "semaine", "semaines", "semana", "semanas", "woche", "wochen"), "weeks"),
    **dict.fromkeys(("month", "months", "mois", "mes", "meses", "monat", "monate", "monaten"), "months"),
    **dict.fromkeys(
        ("year", "years", "an", "ans", "année", "années", "año", "años", "jahr", "jahre", "jahren"), "years"
    ),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers", "kilomètres", "kilómetros"), "km"),
    **dict.fromkeys(("mile", "miles"), "miles"),
    **dict.fromkeys(("tonne", "tonnes", "ton", "tons", "tonnen", "toneladas"), "t"),
}


def _opposites(*pairs: str) -> dict[str, frozenset[str]]:
    """For each word of either side, the words of the other side."""
    found: dict[str, frozenset[str]] = {}
    for pair in pairs:
        sides = [_inflected(side) for side in pair.split(" / ")]
        for side, other in (sides, sides[::-1]):
            found |= {word: found.get(word, frozenset()) | other for word in side}
    return found


OPPOSITES = _opposites(
    "raise increase lift boost rise + rose risen grew grow grows up higher / lower reduce decrease decline drop fall "
    "shrink + cut cuts cutting fell fallen down dropped",
    "open reopen start begin + began opened / close shut end stop halt + closed stopped",
    "accept approve allow permit + / reject refuse ban block forbid prohibit + banned forbade",
    "win gain + won / lose + lost",
    "buy acquire + bought / sell + sold",
    "join enter + / leave quit + left",
    "import + / export +",
    "strengthen improve + / weaken worsen +",
    "attack invade + / defend +",
    "support back + / oppose +",
    "before + / after +",
    "public + / private secret +",
)
"""English words that turn a sentence round when one stands for the other."""
AMERICAN = {
    "defence": "defense", "offence": "offense", "licence": "license", "centre": "center", "centres": "centers",
    "labour": "labor", "neighbour": "neighbor", "neighbours": "neighbors", "favour": "favor", "favours": "favors",
    "favoured": "favored", "harbour": "harbor", "honour": "honor", "behaviour": "behavior", "colour": "color",
    "programme": "program", "programmes": "programs", "tonnes": "tons", "organisation": "organization",
    "organisations": "organizations", "normalise": "normalize", "normalised": "normalized", "normalising": "normalizing",
    "modernise": "modernize", "criticise": "criticize", "criticised": "criticized", "criticises": "criticizes",
    "recognise": "recognize", "recognised": "recognized", "authorise": "authorize", "authorised": "authorized",
    "organise": "organize", "organised": "organized", "stabilise": "stabilize", "militarise": "militarize",
}  # fmt: skip
