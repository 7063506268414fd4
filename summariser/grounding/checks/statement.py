"""Checks of a claim that stands alone: which of its words, names and numbers the passage has, and has otherwise."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from summariser.documents import Document, Sentence, Turn
from summariser.grounding.checks.findings import (
    Finding,
    carried_over,
    contradicted,
    listed,
    quoted,
    read,
    stated,
    worst,
)
from summariser.grounding.checks.quantities import days as day_in_passage
from summariser.grounding.checks.quantities import number_in_passage
from summariser.grounding.checks.terms import left_out_condition
from summariser.grounding.claims import Field
from summariser.grounding.context import Context
from summariser.text import (
    Token,
    find_all,
    is_content,
    is_listed,
    lexicon,
    near_stems,
    norms,
    opposite_stems,
    quantities_in,
    related_stems,
    same_direction_stems,
    state_named,
    states_in,
    stem,
    tokenize,
)

_FEW = 2  # the largest number that may only count who is named
_IN_NAME = re.compile(r"(?<=[A-Za-z])-\d+")
_ALIKE = 0.75  # similarity of two spellings of one name
_SHORT_FORM = 3  # letters of a short form or an acronym
_ISO_DATE = re.compile(r"\b\d{4}-(\d{2})-\d{2}\b")
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{2,200})[”\"»]")
_SAID = 0.5  # share of the content words of a longer claim that the passage must explain
_SHORT = 6  # content words of a claim of which the passage must explain each
_BESIDE = 2  # content words on each side of a word that are its neighbours
_COVERED = 0.5  # share of a sentence's words that a claim must have to be the sentence's main statement


# ── content words ────────────────────────────────────────────────────────────────────────────────


def every_word(context: Context, field: Field) -> Finding | None:
    """Look for the content words of a claim in the passage, in any form or as a word with the same sense.

    Examples:
        >>> says("Arlen will close the port.", claim="Arlen shuts the port.")
        'stated'
        >>> says("Arlen will close the port.", claim="Birds swim under ice.")
        'read: The text does not say “birds”, “swim” and “ice”.'
    """
    wanted = context.content_words(field.text)
    if not wanted:
        return read("There is too little in it to look for in the text.")
    have, near = _terms(context, context.passage), _terms(context, context.window)
    lacking = [word for word in wanted if not _explained(context, word, have)]
    missing = [word for word in lacking if not _explained(context, word, near)]
    if missing and (len(wanted) <= _SHORT or len(missing) > (1 - _SAID) * len(wanted)):
        return read(f"The text does not say {listed(missing)}.")
    return carried_over("Part of it stands just before.") if len(missing) < len(lacking) else stated(*context.spans)


def other_verb(context: Context, field: Field) -> Finding | None:
    """Leave to the reader a claim whose verb is of another stance or status than that beside the rest of its words.

    Examples:
        >>> text = "The union welcomed the tax. Arlen criticised the port."
        >>> says(text, cited=(1, 2), claim="The union criticised the tax.")
        'read: The text says “welcomed” there, the claim “criticised”.'
    """
    if context.language != "en":
        return None
    said, language = tokenize(field.text), context.language
    number = closest_sentence(context, field.text)
    there = context.source.indexed.tokens[number] if number is not None else ()
    for senses in (lexicon.values("stance_verbs", "en"), lexicon.values("commitment_verbs", "en")):
        ours, theirs = ({t.norm: senses[t.norm] for t in tokens if t.norm in senses} for tokens in (said, there))
        if ours and theirs and not {*ours.values()} & {*theirs.values()}:
            one, other = next(iter(theirs)), next(iter(ours))
            if not any(stem(norm, language) in near_stems(one, language) for norm in ours):
                return read(f"The text says {quoted(one)} there, the claim {quoted(other)}.")
    return None


def closest_sentence(context: Context, text: str) -> int | None:
    """Return the number of the sentence of the passage that has most content words of a text."""
    wanted = context.content_words(text)
    return max(
        context.passage,
        key=lambda n: (sum(_explained(context, word, _terms(context, [n])) for word in wanted), -n),
        default=None,
    )


def _terms(context: Context, numbers: Sequence[int]) -> frozenset[str]:
    """Return the stems of sentences' words and the codes of the states that they name."""
    return frozenset(context.source.indexed.terms(numbers))


def _explained(context: Context, word: str, have: frozenset[str]) -> bool:
    """Return True if terms of the source stand for a word, or for one of the same direction, such as "rose"."""
    language = context.language
    alike = near_stems(word, language) | same_direction_stems(word, language)
    return stem(word, language) in have or not have.isdisjoint(alike) or state_named(word) in have


# ── turns of a transcript ────────────────────────────────────────────────────────────────────────


def speaker_of_another_turn(context: Context, field: Field) -> Finding | None:
    """Leave to the reader a claim that names a speaker, but has words that only somebody else says in the passage.

    Examples:
        >>> talk = "Ana Belmar: Well? ¶ Joao Pell: Yes. ¶ Ana Belmar: I sing. ¶ Joao Pell: I swim."
        >>> says(talk, cited=(3, 4), claim="Ana Belmar will swim.")
        'read: Joao Pell is speaking there, not Ana Belmar.'
    """
    document, said = context.source.document, tokenize(field.text)
    passage = [document.sentences[number - 1] for number in context.passage]
    others = [each for each in passage if each.turn and (_asks(each) or not _names_speaker(said, each.turn))]
    rest = [each for each in passage if each not in others]
    own, theirs = (_terms(context, [each.number for each in side]) for side in (rest, others))
    words = context.content_words(field.text)
    if not any(_explained(context, word, theirs) and not _explained(context, word, own) for word in words):
        return None
    turn = next((each.turn for each in others if each.turn and not _asks(each)), None)
    if turn is None:
        return read("The passage asks that, and does not say it.", context.sentence_span(others[0].number))
    name = _name_of_another(document, said, rest, [document.spoken(each) for each in others if not _asks(each)])
    return read(f"{turn.label} is speaking there, not {name}.", turn.span) if name else None


def _name_of_another(document: Document, said: Sequence[Token], rest: Sequence[Sentence], spoken: Sequence[str]) -> str:
    """Return the speaker of a turn, or a name in the rest of the passage, that a claim has and a speech has not."""
    heard = [token for text in spoken for token in tokenize(text)]
    speakers = (turn for turn in document.turns if _names_speaker(said, turn) and not _names_speaker(heard, turn))
    if turn := next(speakers, None):
        return turn.party or turn.label
    names = {token.norm for token in said if token.capital} - {token.norm for token in heard}
    told = (token for each in rest for token in tokenize(each.text, each.start))
    found = next((t for t in told if t.capital and t.norm in names and is_content(t, document.language)), None)
    return document.text[found.start : found.end] if found else ""


def _asks(sentence: Sentence) -> bool:
    return sentence.text.rstrip().endswith(("?", "？", "؟"))


def _names_speaker(tokens: Sequence[Token], turn: Turn) -> bool:
    """Return True if words have the surname of a turn's speaker, or the whole label of an unknown one."""
    name = norms(turn.speaker)[-1:] or norms(turn.party)
    return next(iter(find_all(name, tokens)), None) is not None


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def numbers_of_claim(context: Context, field: Field) -> Finding | None:
    """Compare the numbers of a claim with the passage's, without those inside names, one and two.

    Examples:
        >>> says("The bank will pay 4 per cent.", claim="The bank pays 7 per cent.")
        'contradicted: The text says 4 per cent, the claim 7 per cent.'
    """
    said = quantities_in(_IN_NAME.sub("", field.text), context.language)
    published = context.source.document.published
    findings = [
        carried_over(f"The text was published in {published.year}.")
        if published is not None and not quantity.unit and quantity.value == published.year
        else _of_claim(number_in_passage(context, quantity))
        for quantity in said
        if quantity.unit or quantity.value > _FEW
    ]
    return worst(findings) if findings else None


def _of_claim(finding: Finding) -> Finding:
    """Return the finding of a rule about items, in words about a claim."""
    return replace(finding, reason=finding.reason.replace("the item", "the claim"))


# ── days ─────────────────────────────────────────────────────────────────────────────────────────


def days_of_claim(context: Context, field: Field) -> Finding | None:
    """Compare the weekdays and months of a claim with the passage's, where "Aug." and "2014-08-10" name August.

    Examples:
        >>> says("The bank pays on Friday.", claim="The bank pays on Monday.")
        'contradicted: The text says Friday, the claim Monday.'
    """
    found = day_in_passage(context, field)
    if found is None or found.outcome in ("stated", "carried_over"):
        return found
    abbreviations = lexicon.values("month_abbreviations")
    here = {abbreviations[norm] for norm in context.norms | context.near_norms if norm in abbreviations}
    texts = map(context.source.indexed.text, context.passage)
    here |= {str(int(month)) for text in texts for month in _ISO_DATE.findall(text)}
    months = lexicon.values("months", context.language)
    said = [t.norm for t in tokenize(field.text) if t.norm in lexicon.MONTHS | lexicon.WEEKDAYS and t.capital]
    missing = [norm for norm in said if norm not in context.norms]
    return stated(*context.spans[:1]) if all(months.get(norm) in here for norm in missing) else _of_claim(found)


# ── opposites ────────────────────────────────────────────────────────────────────────────────────


def opposite(context: Context, field: Field) -> Finding | None:
    """Find a word that turns the passage round: "raise" where the passage has "lower" beside the same words.

    Examples:
        >>> says("Arlen will set a lower tariff.", claim="Arlen will set a higher tariff.")
        'contradicted: The text says “lower”, the claim “higher”.'
    """
    if context.language != "en":
        return None
    said = tokenize(field.text)
    have = _terms(context, context.passage)
    turned = [(i, against) for i, t in enumerate(said) if (against := opposite_stems(t.norm, "en"))]
    for place, against in turned:
        if is_content(said[place], "en"):
            other = (
                None if _said(context, said[place].norm, have) else _beside_same_words(context, said, place, against)
            )
        else:
            other = _before_same_word(context, said, place, against)
        if other is not None:
            words, span = context.words_at(other.start, other.end), (other.start, other.end)
            return contradicted(f"The text says {quoted(words)}, the claim {quoted(said[place].norm)}.", span)
    return None


def _beside_same_words(context: Context, said: Sequence[Token], place: int, stems: frozenset[str]) -> Token | None:
    """Return a word of the passage with one of these stems that stands beside a word that stands beside the place."""
    beside = beside_words(context, said, place)
    return next((t for tokens, at, t in _words(context, stems) if beside & beside_words(context, tokens, at)), None)


def _before_same_word(context: Context, said: Sequence[Token], place: int, stems: frozenset[str]) -> Token | None:
    """Return such a word right before the word that follows the place, if the claim's own word stands there nowhere."""
    following = _neighbours(context, said, place)[1]
    own = frozenset((stem(said[place].norm, context.language),))

    def first(wanted: frozenset[str]) -> Token | None:
        found = (t for tokens, at, t in _words(context, wanted) if _neighbours(context, tokens, at)[1] == following)
        return next(found, None)

    return first(stems) if following and first(own) is None else None


def _words(context: Context, stems: frozenset[str]) -> Iterator[tuple[Sequence[Token], int, Token]]:
    """Yield the words of the passage with one of these stems: the sentence's tokens, the place and the token."""
    for tokens in (context.source.indexed.tokens[number] for number in context.passage):
        for at, token in enumerate(tokens):
            if stem(token.norm, context.language) in stems:
                yield tokens, at, token


def _said(context: Context, word: str, have: frozenset[str]) -> bool:
    """Return True if the source has a word in any form, or a synonym of it."""
    return stem(word, context.language) in have or not have.isdisjoint(related_stems(word, context.language))


def beside_words(context: Context, tokens: Sequence[Token], place: int) -> set[str]:
    """Return the stems of the content words and numbers beside a place, two on each side."""
    language = context.language
    before = [t for t in reversed(tokens[:place]) if is_content(t, language) or t.is_number][:_BESIDE]
    after = [t for t in tokens[place + 1 :] if is_content(t, language) or t.is_number][:_BESIDE]
    return {stem(token.norm, language) for token in (*before, *after)}


# ── words in the same place ──────────────────────────────────────────────────────────────────────


def other_name(context: Context, field: Field) -> Finding | None:
    """Contradict a name in whose place, next to the same word, the passage has another name.

    Examples:
        >>> says("Bocia met Arlen. Arlen signed the treaty.", claim="Bocia signed the treaty.")
        'contradicted: The text says Arlen, the claim Bocia.'
    """
    said = tokenize(field.text)
    for place, token in _names(context, said):
        if token.norm in context.norms:
            continue
        for other in _in_its_place(context, said, place):
            if other.capital and not _same_name(token.norm, other.norm):
                words, span = context.words_at(other.start, other.end), (other.start, other.end)
                return contradicted(f"The text says {words}, the claim {field.text[token.start : token.end]}.", span)
    return None


def _same_name(one: str, other: str) -> bool:
    """Return True if two words may be forms of one name: "Rob" and "Robert", an acronym, or a slip of the pen."""
    alike = SequenceMatcher(None, one, other).ratio() > _ALIKE
    return alike or one[:_SHORT_FORM] == other[:_SHORT_FORM] or min(len(one), len(other)) <= _SHORT_FORM


def _in_its_place(context: Context, said: Sequence[Token], place: int) -> Iterator[Token]:
    """Yield the content words of the passage, not in the claim, that have the same neighbour as a word of the claim."""
    language = context.language
    ours = {stem(token.norm, language) for token in said}
    before, after = _neighbours(context, said, place)
    for number in context.passage:
        tokens = context.source.indexed.tokens[number]
        for at, other in enumerate(tokens):
            if not is_content(other, language) or stem(other.norm, language) in ours:
                continue
            left, right = _neighbours(context, tokens, at)
            if left == before != "" or right == after != "":
                yield other


def _neighbours(context: Context, tokens: Sequence[Token], place: int) -> tuple[str, str]:
    """Return the stems of the content words right before and after a place in its clause; empty for none or a name."""
    found = []
    for beside in (reversed(tokens[:place]), iter(tokens[place + 1 :])):
        near = next((t for t in beside if is_content(t, context.language) or t.is_number), None)
        found.append("" if near is None or near.capital else stem(near.norm, context.language))
    return found[0], found[1]


# ── quotations ───────────────────────────────────────────────────────────────────────────────────


def quoted_words(context: Context, field: Field) -> Finding | None:
    """Look in the text for the words that a claim has in quotation marks.

    Examples:
        >>> says("Arlen will close the port.", claim="Arlen will close the “golden gate” port.")
        'read: The text nowhere has the words that the claim quotes: “golden gate”.'
    """
    for found in _QUOTED.finditer(field.text):
        words = found.group(1)
        if any(not context.source.indexed.has_stem(token.norm) for token in tokenize(words)):
            return read(f"The text nowhere has the words that the claim quotes: {quoted(words)}.")
    return None


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def unknown_names(context: Context, field: Field) -> Finding | None:
    """Look for the names of a claim in the passage, then in the whole text; an acronym may stand there in full.

    Examples:
        >>> says("Arlen will close the port.", claim="Arlen will close the Tolva port.")
        'read: The text nowhere names Tolva.'
    """
    said = tokenize(field.text)
    indexed = context.source.indexed
    inside = {i for code, first, end, _ in states_in(said) if indexed.names_state(code) for i in range(first, end)}
    missing = [t for i, t in _names(context, said) if i not in inside and t.norm not in context.norms]
    unknown = [t for t in missing if not indexed.has_stem(t.norm) and not _in_full(context, t)]
    if unknown:
        return read(f"The text nowhere names {field.text[unknown[0].start : unknown[0].end]}.")
    if missing:
        return carried_over(f"The text names {field.text[missing[0].start : missing[0].end]} elsewhere.")
    return None


def _names(context: Context, said: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    days = lexicon.WEEKDAYS | lexicon.MONTHS | lexicon.words("month_abbreviations", context.language)
    for i, token in enumerate(said):
        small = token.norm in lexicon.function_words(context.language) or token.norm in days
        opens = not i and token.norm not in context.source.indexed.capitals and is_listed(token.norm, context.language)
        if token.capital and not small and len(token.norm) > 1 and not opens:
            yield i, token


def _in_full(context: Context, token: Token) -> bool:
    """Return True if the text has words in a row of which the token is the acronym."""
    letters = token.norm.rstrip("s")
    if len(letters) < 2 or not token.norm.isalpha():
        return False
    initials = "".join(t.norm[0] for t in context.source.indexed.all)
    return letters in initials and token.norm not in lexicon.function_words(context.language) and len(letters) <= 6


# ── conditions ───────────────────────────────────────────────────────────────────────────────────


def condition_of_main_statement(context: Context) -> Finding | None:
    """Contradict a claim that leaves out the condition of the very statement that it makes.

    Examples:
        >>> leaves_out("Arlen will pay the bill if the court agrees.", claim="Arlen will pay the bill.")
        'contradicted: The text has a condition that the item leaves out: “if the court agrees”.'
    """
    found = left_out_condition(context)
    if found is None or not found.spans:
        return None
    numbers = context.source.document.at(*found.spans[0])
    start = found.spans[0][0]
    tokens = [t for n in numbers for t in context.source.indexed.tokens[n] if is_content(t, context.language)]
    main = {stem(t.norm, context.language) for t in tokens if t.start < start}
    said = {stem(t.norm, context.language) for t in context.said}
    return found if main and len(main & said) >= _COVERED * len(main) else None
