"""Commitments as sentences tell them: verbs of undertaking, and futures that are somebody's own course of action."""

import re
from collections.abc import Iterator, Sequence

from summariser.documents.document import Document
from summariser.extraction.rules.coreference import NOBODY, Coreference, Referents, names, sentences
from summariser.extraction.rules.function_words import FUTURES
from summariser.extraction.rules.syntax import Reading, Verb
from summariser.schema import DraftCommitment, Status
from summariser.text import lexicon

_NOT = lexicon.words("negation_particles")
_UNSURE = lexicon.words("irrealis_words", "en")
_TELLING = lexicon.words("disclosure_verbs", "en")
_TALKING = _TELLING | lexicon.words("discourse_verbs", "en")
_CHARGES = lexicon.words("accusation_nouns", "en")
_HURTING = lexicon.words("hostile_verbs", "en")
_DECIDING = lexicon.pattern("deciding_bodies", "en")
_WEEKDAY = lexicon.alternatives("weekdays", "en")
_NOW = re.compile(rf"\b(?:today|now|tomorrow|yesterday|tonight|this (?:week|month|year)|(?i:{_WEEKDAY}))\b")
_THEN = re.compile(r"\b(?:last year|(?:years|decades|months) (?:ago|earlier))\b", re.I)
_FEARED = frozenset("warned warns feared fears predicted predicts cautioned".split())
_OPENING = 2  # tokens before a verb that opens its sentence
_FUTURE = frozenset("will would shall won't wouldn't ll".split())
_EXPECTING = lexicon.words("expectations", "en") | frozenset("warn warns warned whether worry likely could".split())
_ATTRIBUTING = frozenset("decided pledged threatened agreed".split())
_PARTICIPLES = lexicon.words("irregular_participles", "en")
_HAPPENS = lexicon.words("happening_verbs", "en")
_BENEFITS = lexicon.words("receiving_words", "en")
_CONDITION = re.compile(rf"\b(?:should (?=\w+ \w+)|{lexicon.alternatives('condition_clauses')})\b[^,;.“”]*", re.I)
_BARE_DAY = re.compile(r"(?:on|in|next) (?:the )?(?:\w+day|spring|summer|autumn|winter|year|month|week|weekend)", re.I)
_IF = {"fr": re.compile(r"\b(?:si|s’il)\b[^,;.]*", re.I), "es": re.compile(r"\bsi\b[^,;.]*", re.I)}
_ON_THE_WHOLE = re.compile(
    r"\b(?:takes? effect|(?:comes?|enters?) into force|is (?:conditional|subject)|falls|becomes? void|lapses?)\b", re.I
)
_MONTH = rf"(?:{lexicon.alternatives('months', 'en')}|(?:{lexicon.alternatives('month_abbreviations', 'en')})\.?)"
_BEFORE_TIME = (
    r"(?:by(?: the end of)?|before(?: the end of)?|until|no later than|within|from|starting|as of|"
    r"on|in|next|at the end of)"
)
_DATE = rf"(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? (?:of )?(?:\d{{4}}|next year))?"
_SPAN = (
    r"(?:first |next )?(?:\d+|two|three|four|five|six|seven|ten|twelve|ninety|thirty|hundred) "
    r"(?:hours|days|weeks|months|years)"
)
_NAMED_TIME = (
    rf"{_WEEKDAY}|\d{{4}}\b|Christmas|Easter|spring|summer|autumn|winter|"
    r"year|month|week|weekend|first hundred days"
)
_DEADLINE = re.compile(
    rf"\b{_BEFORE_TIME}\s+(?:the |its |his |her |their )?(?:{_DATE}|{_SPAN}|{_NAMED_TIME})"
    r"(?: \d{1,2} [A-Z][a-z]+| week)?",
    re.I,
)


def commitments_in(
    reading: Reading, coreference: Coreference, speaker: Referents, document: Document
) -> Iterator[DraftCommitment]:
    """The commitments of one sentence; none where it tells of a year that is past. The story takes them in."""
    if _is_old(reading, document):
        return
    telling = _Telling(reading, coreference, speaker)
    futures = list(_futures(reading))
    taken = {verb.place for place, _ in futures if (verb := telling.attribution(place))}
    told = []
    for verb in reading.verbs:
        if verb.cue.kind != "commitment" or verb.place in taken:
            continue
        refused = _is_refusal(reading, verb)
        if refused or not _is_no_commitment(reading, verb):
            taken |= set(range(verb.place - 1, verb.end + 3))
            told.append(verb)
            yield from telling.by_verb(verb, "refused" if refused else None)
    for place, status in futures:
        if place not in taken and not any(_governs(reading, verb, place) for verb in told):
            taken |= {place - 1, place, place + 1}
            yield from telling.by_future(place, status)


def _governs(reading: Reading, verb: Verb, place: int) -> bool:
    """Whether a future stands in the "that" of a verb of undertaking, which tells the same commitment."""
    between = {token.norm for token in reading.tokens[verb.end : place]}
    return verb.end <= place and bool(between & {"that", "to"}) and not between & {"and", "but", "while", "which"}


def with_terms(commitments: Sequence[DraftCommitment], reading: Reading) -> list[DraftCommitment]:
    """The commitments, each that was agreed with the condition that a sentence of its own sets on the whole."""
    condition = _condition(reading)
    if not condition or not _ON_THE_WHOLE.search(reading.text):
        return list(commitments)
    number = reading.sentence.number
    return [
        c.model_copy(update={"condition": condition, "sentences": [*c.sentences, number]})
        if c.status == "agreed" and not c.condition and len(c.sentences) < 3
        else c
        for c in commitments
    ]


class _Telling:
    """One sentence that tells a commitment, with who speaks in it."""

    def __init__(self, reading: Reading, coreference: Coreference, speaker: Referents) -> None:
        self._reading, self._coreference, self._speaker = reading, coreference, speaker

    def by_verb(self, verb: Verb, status: Status | None = None) -> Iterator[DraftCommitment]:
        """By a verb that says what sort it is: "agreed to"; or of another `status`."""
        by = NOBODY if self._reading.suffered(verb) else self._subjects(verb.place)
        by_itself = verb.cue.sort == "agreed" and len(by) == 1 and _DECIDING.search(by[0].name) is not None
        told: Status = "decided" if by_itself else verb.cue.sort  # type: ignore[assignment]
        yield from self._made(verb.place, verb.end, status or told, by, NOBODY)

    def by_future(self, place: int, status: Status) -> Iterator[DraftCommitment]:
        """By what somebody will do, or is to do."""
        reading, coreference, speaker = self._reading, self._coreference, self._speaker
        word = reading.tokens[place].norm
        if _is_expected(reading, place) or in_condition(reading, place) or (word == "would" and not speaker):
            return
        if reading.relative(place) or _only_is(reading, place) or not reading.has_subject(place):
            return
        if {"neither", "say", "believe", "like", "love", "prefer"}.intersection(
            t.norm for t in reading.tokens[place + 1 : place + 3]
        ):
            return
        if self._in_own_words(place) and (word.startswith("would") or _only_talks(reading, place)):
            return
        by, to = self._subjects(place), NOBODY
        following = [t.norm for t in reading.tokens[place + 1 : place + 7]]
        if set(following[:5]) & _BENEFITS:
            by, to = speaker or coreference.actors, by
        elif "be" in following[:3] and speaker:
            by = speaker
        verb = self.attribution(place)
        agreed = not speaker and coreference.is_agreed(by, reading.sentence.number)
        if verb is not None:
            status, authority = verb.cue.sort, self._subjects(verb.place)  # type: ignore[assignment]
            if status == "decided" and authority and word == "must":
                by, to = authority, by
        elif word == "must" and not agreed:
            return
        elif status in ("planned", "decided") and agreed:
            status = "agreed"
        elif status == "planned" and (self._in_own_words(place) or self._in_quotation(place)):
            status = "pledged"
        if status in ("planned", "pledged") and _is_threat(reading, place):
            status = "threatened"
        yield from self._made(place, place + 2, status, by, to)

    def _made(self, place: int, end: int, status: Status, by: Referents, to: Referents) -> Iterator[DraftCommitment]:
        if not by:
            return
        reading, coreference = self._reading, self._coreference
        if status == "agreed" and len(by) == 1:
            by += tuple(r for r in self._partner(end) if r.name != by[0].name)
        if status == "agreed" and len(by) > 1:
            coreference.agreement(by, reading.sentence.number)
        elif status == "agreed" and len(coreference.agreed) == 2 and coreference.is_agreed(by, reading.sentence.number):
            to = tuple(r for r in coreference.agreed if r.name != by[0].name)
        to = to or self._recipient(end, by) or (self._threatened(by) if status == "threatened" else NOBODY)
        mentions = reading.subjects(place)
        first = mentions[0].first if mentions and mentions[0].end <= place else place
        action = reading.clause(first, end)
        deadline = self._deadline(action, place)
        coreference.subject, coreference.actors = reading.object(end) or coreference.subject, by
        yield DraftCommitment(
            sentences=sentences(reading.sentence.number, by, to)[-4:],
            by=names(by)[:4],
            to=names(to)[:4],
            action=action[:1100],
            status=status,
            condition=_condition(reading) or None,
            deadline=deadline,
            said_by=self._speaker[0].name if self._speaker else None,
        )

    def _deadline(self, action: str, place: int) -> str | None:
        """By when; a bare weekday beside a verb of the past is when it was said, not by when it is done."""
        future = self._reading.tokens[place].norm in _FUTURE | {"is", "are", "must", "ready"}
        for match in _DEADLINE.finditer(action):
            if future or not _BARE_DAY.fullmatch(match.group()):
                return match.group()
        return None

    def _subjects(self, place: int) -> Referents:
        reading = self._reading
        mentions = reading.subjects(place, speech=reading.language != "en")
        if not mentions and reading.language == "es" and (place <= _OPENING or reading.quoted(place)):
            return self._speaker if reading.quoted(place) else self._coreference.last  # Spanish leaves its pronouns out
        return self._coreference.all_of(reading, mentions, self._speaker)

    def _in_own_words(self, place: int) -> bool:
        mentions = self._reading.subjects(place)
        return bool(mentions) and mentions[0].pronoun == "own"

    def _in_quotation(self, place: int) -> bool:
        """Whether what will be done is told in the actor's own words: would “unconditionally support” it."""
        reading = self._reading
        return place + 1 < len(reading.tokens) and reading.quoted(place + 1) and not reading.quoted(place)

    def attribution(self, place: int) -> Verb | None:
        """The verb that says, after the clause, who makes it what: "..., the cabinet decided"."""
        reading = self._reading
        for verb in reading.verbs:
            if verb.place <= place or verb.cue.kind != "commitment" or verb.cue.sort not in _ATTRIBUTING:
                continue
            subjects = [] if reading.quoted(verb.place) else reading.subjects(verb.place)
            if not subjects or subjects[0].first <= place:
                continue
            if "," in reading.text[reading.tokens[place].end : reading.tokens[subjects[0].first].start]:
                return verb
        return None

    def _recipient(self, end: int, by: Referents) -> Referents:
        """To whom: the party that follows the verb, directly or after "to" and "with"."""
        reading = self._reading
        for mention in reading.mentions:
            if mention.pronoun or not end <= mention.first <= end + 1:
                continue
            before = reading.tokens[mention.first - 1].norm
            following = reading.tokens[mention.end].norm if mention.end < len(reading.tokens) else ""
            addressed = before == "to" or following in ("to", "that", "a", "an", "it", "they", "he", "she")
            found = self._coreference.who(reading, mention)
            if addressed and found[0].name not in names(by):
                return found
        return NOBODY

    def _partner(self, end: int) -> Referents:
        """With whom it is agreed: who stands right after "with"."""
        reading = self._reading
        if end >= len(reading.tokens) or reading.tokens[end].norm != "with":
            return NOBODY
        partner = next((m for m in reading.mentions if end < m.first <= end + 2), None)
        return self._coreference.who(reading, partner) if partner else NOBODY

    def _threatened(self, by: Referents) -> Referents:
        """Who is to give way: the actor named in the "unless"."""
        reading = self._reading
        unless = next((m for m in _conditions(reading) if m.group().lower().startswith("unless")), None)
        if unless is None:
            return NOBODY
        for mention in reading.mentions:
            start = reading.tokens[mention.first].start
            if unless.start() <= start < unless.start() + 16 and mention.pronoun in ("", "thing"):
                return tuple(r for r in self._coreference.who(reading, mention) if r.name not in names(by))
        return NOBODY


def _futures(reading: Reading) -> Iterator[tuple[int, Status]]:
    """The places where the text says what somebody will do, is to do, or is ready to do."""
    if reading.language in FUTURES:
        yield from _futures_by_ending(reading)
    if reading.language != "en":
        return
    norms = [t.norm for t in reading.tokens]
    for place, norm in enumerate(norms):
        following = norms[place + 1 : place + 4]
        if norm in _FUTURE:
            negated = norm.endswith("n't") or following[:1] in (["not"], ["never"])
            ready = "hesitate" in following[:2]
            yield place, "threatened" if negated and ready else "refused" if negated else "planned"
        elif norm in ("is", "are") and (
            following[:1] == ["to"] or following[:2] in (["due", "to"], ["set", "to"], ["going", "to"])
        ):
            yield place, "planned"
        elif norm in ("is", "are", "be") and following == ["not", "going", "to"]:
            yield place, "refused"
        elif norm == "ready" and following[:1] == ["to"]:
            yield place, "proposed"
        elif norm == "must":
            yield place, "decided"


def _futures_by_ending(reading: Reading) -> Iterator[tuple[int, Status]]:
    """The same where a verb tells by its ending what will be done: French and Spanish."""
    ending = FUTURES[reading.language or ""]
    for place, token in enumerate(reading.tokens):
        if not token.capital and ending.fullmatch(token.norm):
            before = {t.norm for t in reading.tokens[max(0, place - 2) : place]}
            yield place, "refused" if before & {"ne", "n", "no", "nunca", "jamais"} else "planned"


def _is_no_commitment(reading: Reading, verb: Verb) -> bool:
    """Whether the verb is negated, doubted, expected, conditional, or tells what is not told."""
    before = [t.norm for t in reading.tokens[max(0, verb.place - 4) : verb.place]]
    following = reading.tokens[verb.end : verb.end + 3]
    refused = verb.cue.sort == "refused"
    if refused and {t.norm for t in following} & (_TELLING | _CHARGES):
        return True
    if reading.relative(verb.place) or reading.undergone(verb.place):
        return True
    if in_condition(reading, verb.place) or (verb.cue.sort == "decided" and following and following[0].after_break):
        return True
    negated = any(word in _NOT or word.endswith("n't") for word in before[-3:])
    unsure = any(word in _UNSURE - ({"had"} if _is_reported(reading, verb.place) else set()) for word in before[-2:])
    return negated or (unsure and not (refused and before[-1:] == ["would"]))


def _only_talks(reading: Reading, place: int) -> bool:
    """Whether the future is about what is said next: "I will say this"."""
    following = [t.norm for t in reading.tokens[place + 1 : place + 4] if t.norm not in ("not", "just", "only", "also")]
    return bool(_TALKING.intersection(following[:1]))


def _is_threat(reading: Reading, place: int) -> bool:
    """Whether what is announced hangs on what others do, and hurts: "unless", or "if" with a verb such as "sue"."""
    condition = _condition(reading).lower()
    following = {token.norm for token in reading.tokens[place + 1 : place + 5]}
    left_undone = re.match(
        r"(?:if|should)\b.*\b(?:(?:do|does|did|were|was) not|fails?|failed|refuses?|refused)\b", condition
    )
    hurts = condition.startswith(("if ", "should ")) and bool(following & _HURTING)
    return condition.startswith("unless") or hurts or left_undone is not None


def _is_refusal(reading: Reading, verb: Verb) -> bool:
    """Whether the verb tells that somebody cannot or will not agree: "could not accept"."""
    before = [t.norm for t in reading.tokens[max(0, verb.place - 2) : verb.place]]
    able = before[-1:] in (["cannot"], ["can't"], ["couldn't"], ["won't"]) or before in (
        [modal, "not"] for modal in ("could", "will", "would")
    )
    return verb.cue.sort == "agreed" and able and not in_condition(reading, verb.place)


def _is_reported(reading: Reading, place: int) -> bool:
    """Whether somebody says so in that clause: "said that it had agreed"."""
    said = [v for v in reading.verbs if v.cue.kind == "speech" and v.end <= place and not reading.quoted(v.place)]
    return bool(said) and not {"and", "but", "while", "which"} & {t.norm for t in reading.tokens[said[-1].end : place]}


def _only_is(reading: Reading, place: int) -> bool:
    """Whether the future says what something will be, not what is done: "would be a success"."""
    following = [t.norm for t in reading.tokens[place + 1 : place + 6]]
    if {"have", "ve", *_HAPPENS}.intersection(following[:1]):
        return True
    if "be" not in following[:3]:
        return False
    after = following[following.index("be") + 1 :]
    return not any(word.endswith(("ed", "en", "n", "ing")) or word in _PARTICIPLES for word in after[:2])


def _is_expected(reading: Reading, place: int) -> bool:
    """Whether the future is what somebody expects, fears or hopes, in that part of the sentence."""
    breaks = (at for at in range(place, 0, -1) if ";" in reading.tokens[at].before)
    feared = any(v.place > place and reading.tokens[v.place].norm in _FEARED for v in reading.verbs)
    if feared and reading.tokens[place].norm == "would":
        return True
    return any(token.norm in _EXPECTING for token in reading.tokens[next(breaks, 0) : place])


def _is_old(reading: Reading, document: Document) -> bool:
    """Whether the sentence tells of no year but ones before that of publication, and of no present."""
    if _NOW.search(reading.text):
        return False
    if _THEN.search(reading.text):
        return True
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", reading.text)]
    return bool(document.published and years) and max(years) < document.published.year  # type: ignore[union-attr]


def _conditions(reading: Reading) -> list[re.Match[str]]:
    more = _IF.get(reading.language or "")
    found = [*_CONDITION.finditer(reading.text), *(more.finditer(reading.text) if more else ())]
    return [match for match in found if len(match.group().split()) >= 3]


def _condition(reading: Reading) -> str:
    """The first condition in the sentence, in its words, or nothing."""
    found = _conditions(reading)
    return " ".join(found[0].group().split()).strip(" ,") if found else ""


def in_condition(reading: Reading, place: int) -> bool:
    """Whether the token stands in a condition."""
    at = reading.tokens[place].start
    return any(match.start() <= at < match.end() for match in _conditions(reading))
