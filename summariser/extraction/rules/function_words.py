"""The small words and marks by which a sentence hangs together, language by language."""

import re

from summariser.text import lexicon
from summariser.text.names import TITLES

JOINERS = frozenset("of de du des del la le les von van der den al el bin y e d for and the et".split())
"""Small words inside names."""
DETERMINERS = {
    "en": frozenset("the a an its his her their our this that these those some any no each every".split()),
    "fr": frozenset("le la les l un une des son sa ses leur leurs ce cette ces".split()),
    "es": frozenset("el la los las un una unos unas su sus este esta".split()),
    "de": frozenset("der die das den dem des ein eine einen einem einer".split()),
}
"""Words with which a noun phrase begins, by language."""
PRONOUNS = {
    "en": {"person": "he she him her", "thing": "it", "plural": "they them both", "own": "we i us"},
    "fr": {"person": "il elle lui", "plural": "ils elles eux", "own": "nous je"},
    "es": {"person": "él ella", "plural": "ellos ellas", "own": "nosotros yo"},
    "de": {"person": "er", "thing": "es", "plural": "sie", "own": "wir ich uns"},
}
"""Pronouns by language and by what they stand for."""
FUTURES = {
    "fr": re.compile(
        r"(?!(?:ser|aur|fer|pourr|devr|faudr|voudr|verr)\w+)\w{2,}(?:era|eront|erons|ira|iront|irons|dra|dront|drons)"
    ),
    "es": re.compile(
        r"(?!(?:ser|estar|habr|podr|deber|tendr)\w+)\w{2,}(?:ará|arán|aremos|erá|erán|eremos|irá|irán|iremos)"
    ),
}
"""Verbs that say by their ending what will be done."""
AUXILIARIES = frozenset("is are was were has have had will would can could may might must should do does did".split())
"""Words that are verbs whatever follows."""
NOMINATIVE = frozenset("he she they we i il ils nous él ellos ellas wir ich".split())
"""Pronouns that are subjects, whatever stands before them."""
CUTS = frozenset(
    "as but and because which who for after while with by yet on before until since when whom saying adding at".split()
)
"""Words before which an object ends."""
OFFICES = frozenset(
    "president minister premier chancellor mayor spokesman spokeswoman spokesperson chairman chairwoman chair "
    "director secretary governor ambassador envoy judge commissioner chief officer station sergeant inspector "
    "councillor professor finance councilman councilwoman congressman congresswoman".split()
)
"""Words that say what a person is."""
BEFORE_NAMES = OFFICES - {"finance", "station"} | TITLES - frozenset(
    "of state foreign defence defense finance trade the his her their executive general prime deputy vice former "
    "acting current m".split()
)
"""Words after which a person's name begins."""
PREPOSITIONS = frozenset("of to than between against about into among".split()).union(
    *(lexicon.prepositions(language) for language in ("en", "fr", "es"))
)
"""Words after which stands no subject."""
PLACING = frozenset(
    "in at on near outside inside around across through from along à dans près en sur im bei am".split()
)
"""Prepositions that tell where."""
BETWEEN = frozenset(
    "has have had is are was were be been will would also already now then both yesterday today repeatedly still just "
    "publicly formally later first again never not previously earlier a ont est sont avait ha han fue since only did "
    "does do monday tuesday wednesday thursday friday saturday sunday on late early strongly immediately to can could "
    "cannot must should itself himself herself themselves once therefore however meanwhile jointly finally either "
    "further reportedly simply flatly quickly initially declares declared last week night month "
    "n pas ne s se également toutefois cependant aussi además también ya hier ayer "
    "year s'est se n'a".split()
)
"""Words that may stand between a subject and its verb."""
QUOTES = re.compile(r'“[^“”]+”?|«[^«»]+»?|„[^„“”]+[“”]?|"[^"\n]+"?')
"""Direct speech."""
ASIDES = re.compile(
    r",\s+(?:which|who|whose|where|whom|qui|dont|que|an?|the|one|most|many|some)\b(?:[^,]|(?<=\d),(?=\d))*,(?!\d)|\([^)]*\)"
    r"|,\s+for (?:its|his|her|their) part,"
    r"|,\s+(?:he|she|they|it|we) (?:said|says|added|argued|warned|claimed|told \w+),|\s[–—]\s[^–—]*\s[–—]\s"
)
"""Parentheses, appositions and relative clauses between commas."""
OPENING_CLAUSES = frozenset(
    "but yet while whereas although though because after before since if unless mais et alors pero mientras".split()
)
"""Words with which another clause begins."""
RELATIVE = frozenset("who that which whom qui que".split())
"""Relative pronouns."""
NOUNS_TOO = frozenset(
    word
    for verb in (
        "fear risk demand offer plan promise praise support protest veto challenge question blame press request "
        "appeal fine order ban block award pledge vow aim schedule welcome worry doubt fault regret dispute contest "
        "attack back freeze grant sanction favour favor claim report note state comment estimate deal cheer thank "
        "flag dread rage scorn herald object float hike axe block raise plead "
        "warn caution cut boycott contribute recall lift halt"
    ).split()
    for word in (verb, f"{verb}s", f"{verb[:-1]}ies")
)
"""Forms of verbs that are nouns as well: verbs only after a subject."""
WITH_PERSON = frozenset(
    word
    for verb in "ask urge warn accuse thank praise criticise criticize assure inform sue blame rebuke remind".split()
    for word in (f"{verb}s", f"{verb.removesuffix('e')}ed")
) | frozenset("told tells tell beat met".split())
"""Verbs right after which stands whom they are done to."""
NOUNS_IN_ING = frozenset("morning evening meeting king during building housing spring".split())
"""Words in -ing that are no participles."""
PASSIVE = frozenset("was were been be is are being".split())
"""Forms of to be."""
HAVING = frozenset("had have has saw sees got gets get see".split())
"""Verbs after which a thing and a participle tell what happens to somebody's own: had a goal ruled out."""
OPENING_NOUNS = frozenset("a an the its his her their our my two three four five".split())
"""Words with which what somebody has begins."""
STATES_OF_MIND = frozenset("committed bound obliged determined resolved prepared agreed sworn".split())
"""Participles that after a form of to be tell what somebody is, not what is done to them."""
NO_VERB_AFTER = frozenset("of for in on with under by from".split())
"""Words after which a verb's form is a noun."""
WHERE_SOMETHING_BEGINS = '.?!:“«"|'
"""Marks after which any word has a capital."""
