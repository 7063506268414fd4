"""Function words and punctuation, by language."""

import re

from summariser.text.lexicon import RULE_LANGUAGES, prepositions, pronouns, words

JOINERS = words("name_particles", "any")
"""Small words inside names."""
DETERMINERS = {language: words("determiners", language) for language in RULE_LANGUAGES}
"""Words that begin a noun phrase, by language."""
PRONOUNS = {
    language: {
        pronoun.word: pronoun.referent
        for pronoun in pronouns(language)
        if pronoun.referent in ("person", "thing", "plural", "own") and pronoun.form != "possessive"
    }
    for language in RULE_LANGUAGES
}
"""Pronouns with what they refer to, by language."""
NOMINATIVE = frozenset(pronoun.word for pronoun in pronouns() if pronoun.form == "subject")
"""Pronouns that are always subjects."""
FUTURES = {
    "fr": re.compile(
        r"(?!(?:ser|aur|fer|pourr|devr|faudr|voudr|verr)\w+)\w{2,}(?:era|eront|erons|ira|iront|irons|dra|dront|drons)"
    ),
    "es": re.compile(
        r"(?!(?:ser|estar|habr|podr|deber|tendr)\w+)\w{2,}(?:ará|arán|aremos|erá|erán|eremos|irá|irán|iremos)"
    ),
}
"""Verbs in the future tense, by their ending."""
AUXILIARIES = words("auxiliaries", "en")
"""Words that are always verbs."""
CUTS = words("object_boundaries", "en")
"""Words before which an object ends."""
OFFICES = words("offices", "en") | words("ranks", "en") | {"finance", "station"}
"""Words for the office or rank that a person holds, as in "finance director" and "station officer"."""
BEFORE_NAMES = words("offices") | words("ranks") | words("honorifics") - {"m"}
"""Words that a person's name follows."""
ABBREVIATIONS = words("honorifics")
"""Forms of address and ranks that may have a full stop before a name: "Mr.", "Gov."."""
PREPOSITIONS = frozenset("of to than between against about into among".split()).union(
    *(prepositions(language) for language in ("en", "fr", "es"))
)
"""Words that no subject follows."""
PLACING = words("locative_prepositions")
"""Prepositions of place."""
BETWEEN = words("preverbal_words") | words("weekdays", "en")
"""Words that may stand between a subject and its verb."""
QUOTES = re.compile(r'“[^“”]+”?|«[^«»]+»?|„[^„“”]+[“”]?|"[^"\n]+"?|\'\'(?:(?!\'\')[^\n])+(?:\'\')?')
"""Direct speech."""
ASIDES = re.compile(
    r",\s+(?:which|who|whose|where|whom|qui|dont|que|an?|the|one|most|many|some)\b(?:[^,]|(?<=\d),(?=\d))*,(?!\d)|\([^)]*\)"
    r"|,\s+for (?:its|his|her|their) part,"
    r"|,\s+(?:he|she|they|it|we) (?:said|says|added|argued|warned|claimed|told \w+),|\s[–—]\s[^–—]*\s[–—]\s"
)
"""Parentheses, appositions and relative clauses between commas."""
OPENING_CLAUSES = words("clause_openers")
"""Words that begin another clause."""
RELATIVE = frozenset("who that which whom qui que".split())
"""Relative pronouns."""
NOUNS_TOO = words("verbs_that_are_nouns", "en")
"""Forms of verbs that are nouns as well: verbs only after a subject."""
WITH_PERSON = words("person_object_verbs", "en")
"""Verb forms that a person follows as object."""
NOUNS_IN_ING = frozenset("morning evening meeting king during building housing spring".split())
"""Words in -ing that are no participles."""
PASSIVE = words("forms_of_be", "en")
"""Forms of to be."""
HAVING = words("experience_verbs", "en")
"""Verbs with which a participle expresses what happens to the subject: had a goal ruled out."""
OPENING_NOUNS = words("determiners", "en") | frozenset("my two three four five".split())
"""Words that begin the object of such a verb."""
STATES_OF_MIND = frozenset("committed bound obliged determined resolved prepared agreed sworn".split())
"""Participles that after a form of to be express a state and not a passive."""
NO_VERB_AFTER = frozenset("of for in on with under by from".split())
"""Words that a noun follows, so that a verb form after them is one."""
WHERE_SOMETHING_BEGINS = '.?!:“«"|'
"""Marks after which any word has a capital."""
