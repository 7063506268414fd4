"""Every rule of quotations and of extraction has an example in which it is the first of its table to apply."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from summariser.documents.document import Document
from summariser.documents.tokenized import TokenizedDocument
from summariser.extraction.rules import (
    coreference,
    future_rules,
    mentions,
    reactions,
    readings,
    risks,
    syntax,
    undertaking_rules,
)
from summariser.extraction.rules.candidates import Candidate
from summariser.extraction.rules.coreference import NOBODY, Coreference, Referent
from summariser.extraction.rules.syntax import Position, Reading
from summariser.grounding import alterations
from summariser.grounding.alterations import CHANGES, CUTS, OMISSIONS, Change, Excerpt, Gap
from summariser.text.tokens import find_all, tokenize

Rule = Callable[[Any], Any]


def rules_of(table: Iterable[Any]) -> list[Rule]:
    return [row if callable(row) else row[1] for row in table]


def first(table: Iterable[Any], case: object) -> str:
    """The name of the first rule that applies."""
    found = (rule.__name__ for rule in rules_of(table) if rule(case) not in (None, False, "", [], ()))
    return next(found, "")


def place_of(words: str, tokens: Sequence[Any]) -> tuple[int, int]:
    norms = [token.norm for token in tokenize(words)]
    start = next(iter(find_all(norms, tokens)))
    return start, start + len(norms)


def test_every_rule_has_an_example():
    shown = {name for table in (CUT, OMITTED, CHANGED, FUTURES) for *_, name in table}
    shown |= {name for table in (NOT_UNDERTAKEN, NO_COMMITMENT, NO_STANCES, SUBJECTS, VERBS) for *_, name in table}
    shown |= {name for table in (WORDS, PHRASES, HOLDERS, TOPICS, RISKS, THREATS) for *_, name in table}
    shown.add("other_language")  # has a test of its own
    tables = (
        *(CUTS, OMISSIONS, CHANGES, future_rules.FUTURE_FORMS["en"], undertaking_rules.NOT_UNDERTAKEN),
        *(future_rules.NO_COMMITMENTS, future_rules.THREATS, syntax.SUBJECTS_OF_SPEECH, syntax.VERBS, mentions.NAMES),
        *(coreference.PHRASES, reactions.NO_STANCES, reactions.HOLDERS, reactions.TOPICS, risks.RISKS),
    )
    assert {rule.__name__ for table in tables for rule in rules_of(table)} - shown == set()


# ── quotations ───────────────────────────────────────────────────────────────────────────────────

CUT = [
    ("The bank made a non-binding offer.", "binding offer", "part_of_hyphenated_word"),
    (
        "Hallitus ei allekirjoita rauhansopimusta tällä viikolla, ministeri sanoi.",
        "rauhansopimusta",
        "unknown_language",
    ),
    ("L'azienda non firmerà il trattato di pace questa settimana, ha detto.", "il trattato", "negated_in_clause"),
    (
        "Se i sindacati accettano, l'azienda firmerà il trattato di pace.",
        "l'azienda firmerà il trattato",
        "on_condition",
    ),
    ("Arlen did not pay for the ships.", "pay for the ships", "negated_before"),
    ("They were not, he said, beaten by guards.", "beaten by guards", "negated_before_aside"),
    ("He allegedly took the money of clients.", "took the money", "hedged_before"),
    ("So-called reformers won the vote.", "reformers won", "so_called"),
    ("He sold more than 500 offices.", "500 offices", "quantified_amount"),
    ("The port will cost the state 5 to 7 million euros.", "7 million euros", "upper_end_of_range"),
    ("Half of the workers will leave.", "the workers will leave", "whole_of_part"),
    ("The price rose to 1.5 million.", "rose to 1.5", "amount_goes_on"),
    ("Die Regierung zahlt nicht die Rechnung.", "Die Regierung zahlt", "negated_after"),
    ("Arlen will join, but only if Bocia leaves.", "Arlen will join", "but_on_condition"),
    ("Arlen will join once Bocia leaves.", "Arlen will join", "condition_after"),
    ("The report that they paid is false.", "they paid", "declared_false"),
    ("Die Regierung zahlt die ganze Rechnung heute nicht.", "Die Regierung zahlt", "negated_at_end"),
    ("Should Bocia leave, Arlen will join.", "Arlen will join", "condition_before"),
]


@pytest.mark.parametrize(("source", "words", "rule"), CUT)
def test_what_is_left_out_around_a_quotation(source: str, words: str, rule: str):
    tokenized = TokenizedDocument(Document.from_text(source))
    assert first(CUTS, Excerpt(tokenized, *place_of(words, tokenized.all))) == rule


OMITTED = [
    ("Arlen will surely not pay for it.", "Arlen will", "pay", "omitted_negation"),
    ("Arlen has allegedly paid for it.", "Arlen has", "paid", "omitted_hedge"),
    ("Arlen pays if Bocia leaves by May.", "Arlen pays", "by May", "omitted_condition"),
    ("Arlen pays on Monday more than 500 euros.", "Arlen pays", "500 euros", "omitted_quantifier"),
    ("Arlen has 500 ships near the coast.", "Arlen has 500", "near the coast", "omitted_unit"),
    ("“We pay.” “We leave,” said Pell.", "We pay", "We leave", "speech_in_next_sentence"),
    ("The ships are old. Most of them leak.", "The ships", "of them leak", "resumed_within_sentence"),
    ("They will pay, he said in Lima, by May.", "They will pay", "by May", "omitted_speech"),
    ("They sued Bocia over fish.", "They sued", "over fish", "omitted_name"),
    ("They closed mines and built ports here.", "They closed", "here", "omitted_coordination"),
]


@pytest.mark.parametrize(("source", "before", "after", "rule"), OMITTED)
def test_what_an_ellipsis_leaves_out(source: str, before: str, after: str, rule: str):
    tokenized = TokenizedDocument(Document.from_text(source))
    gap = Gap(tokenized, place_of(before, tokenized.all)[1], place_of(after, tokenized.all)[0])
    assert first(OMISSIONS, gap) == rule


CHANGED = [
    (["not"], "changed_negation"),
    (["tuesday"], "changed_day"),
    (["million"], "changed_number"),
    (["could"], "changed_hedge"),
    (["bocia"], "changed_name"),
]


@pytest.mark.parametrize(("norms", "rule"), CHANGED)
def test_what_a_quotation_changes(norms: list[str], rule: str):
    assert first(CHANGES, Change(norms, tokenize("Arlen sued Bocia."), "en")) == rule


def test_a_change_of_which_no_more_can_be_said_is_one_of_wording():
    assert alterations.kind_of_change(Change(["ship"], tokenize("Arlen sued Bocia."), "en")) == "wording"


# ── sentences ────────────────────────────────────────────────────────────────────────────────────

BEFORE = "Minister Ana Belmar of Nordheim met Orvel Gas, the utility of Veld, and Veld itself on Monday. "
AFTER = " There was talk of Nordheim, of Veld and of Orvel Gas."


def read(text: str) -> tuple[Reading, Coreference]:
    """The second sentence, and what the first one tells."""
    before, reading, *_ = readings(Document.from_text(BEFORE + text + AFTER))
    told = Coreference()
    told.go_on(before, NOBODY)
    return reading, told


def position(text: str, word: str) -> Position:
    reading, _ = read(text)
    return Position(reading, place_of(word, reading.tokens)[0])


def candidate(text: str, word: str, status: Any = "planned", speaker: str = "") -> Candidate:
    reading, told = read(text)
    start, end = place_of(word, reading.tokens)
    by = (Referent(speaker, 1),) if speaker else NOBODY
    return Candidate(reading, start, end, status, told, by)


SUBJECTS = [
    ("“We will pay,” said Ana Belmar.", "said", "postposed_speaker"),
    ("A treaty was signed by Veld.", "signed", "agent_of_passive"),
    ("They met Veld, which signed a treaty.", "signed", "antecedent_of_relative_clause"),
    ("Ana Belmar, member for Orvel, said no.", "said", "name_before_apposition"),
    ("Veld signed a treaty.", "signed", "mention_before_verb"),
    ("Veld was angry and signed a treaty.", "signed", "shared_subject"),
    ("Veld with great pomp signed a treaty.", "signed", "first_mention"),
]


@pytest.mark.parametrize(("text", "verb", "rule"), SUBJECTS)
def test_who_is_the_subject(text: str, verb: str, rule: str):
    assert first(syntax.SUBJECTS_OF_SPEECH, position(text, verb)) == rule


VERBS = [
    ("The signed treaty is old.", "signed", "in_noun_phrase"),
    ("Sunny Promised land is dear.", "promised", "capital_within_clause"),
    ("Veld’s promised bridge is old.", "promised", "after_possessive"),
    ("Veld is planning a bridge.", "planning", "participle_of_clause"),
    ("Veld likes planning bridges.", "planning", "other_form_in_ing"),
    ("Veld signed a treaty.", "signed", "only_verb"),
    ("Veld plans a bridge.", "plans", "after_subject"),
]


@pytest.mark.parametrize(("text", "verb", "rule"), VERBS)
def test_whether_a_form_is_a_verb(text: str, verb: str, rule: str):
    assert first(syntax.VERBS, position(text, verb)) == rule


def test_in_other_languages_every_form_of_a_verb_is_one():
    text = "Le ministre des transports a promis mardi la réouverture de la ligne entre les deux villes du nord."
    assert first(syntax.VERBS, Position(readings(Document.from_text(text))[0], 5)) == "other_language"


WORDS = [
    ("He left in March.", "March", "month_or_weekday"),
    ("The port is old.", "The", "determiner_or_pronoun"),
    ("They met the EU here.", "EU", "abbreviation"),
    ("And it holds.", "And", "opening_function_word"),
    ("They met Veld here.", "Veld", "known_name"),
    ("Near Lima it rained.", "Near", "opening_preposition"),
    ("Canap Lar is old.", "Canap", "name_goes_on"),
    ("Secretary of Transport Pell left.", "Secretary", "office_with_of"),
    ("Canaplar, the association of producers, left.", "Canaplar", "name_with_apposition"),
]


@pytest.mark.parametrize(("text", "word", "rule"), WORDS)
def test_whether_a_word_is_a_name(text: str, word: str, rule: str):
    reading, _ = read(text)
    candidate_ = mentions.NameCandidate(reading, place_of(word, reading.tokens)[0])
    assert first(mentions.NAMES, candidate_) == rule


PHRASES = [
    ("Kim", {"professor"}, "described_namesake"),
    ("both sides", set(), "those_who_agreed"),
    ("Ana Belmar", set(), "name_without_description"),
    ("Gambian minister", set(), "person_with_role"),
    ("Dutch union", set(), "name_with_description"),
    ("union", set(), "body_with_noun"),
    ("company", set(), "body_of_kind"),
    ("club", set(), "body_named_last"),
]


@pytest.mark.parametrize(("name", "apposition", "rule"), PHRASES)
def test_whom_a_name_or_description_means(name: str, apposition: set[str], rule: str):
    told = Coreference(several=(Referent("Veld", 1), Referent("Arlen", 1)), thing=(Referent("Canaplar", 1),))
    for known in ("Kim Aune", "Lee Kim", "Dockers’ Union", "Orvel Gas", "Canaplar"):
        told._add(Referent(known, 1))
    told.describe(Referent("Ana Belmar", 1), frozenset({"the", "gambian", "minister"}))
    told.describe(Referent("Kim Aune", 1), frozenset({"professor"}))
    phrase = coreference.Phrase(told, Referent(name, 2), frozenset(apposition))
    assert first(coreference.PHRASES, phrase) == rule


# ── commitments ──────────────────────────────────────────────────────────────────────────────────

FUTURES = [
    ("Veld will not pay.", "will", "modal_future"),
    ("Veld is due to pay.", "is", "infinitive_of_plan"),
    ("Veld is not going to pay.", "is", "negated_plan"),
    ("Veld stands ready to pay.", "ready", "readiness"),
    ("Veld must pay.", "must", "obligation"),
]


@pytest.mark.parametrize(("text", "word", "rule"), FUTURES)
def test_forms_of_the_future(text: str, word: str, rule: str):
    assert first(future_rules.FUTURE_FORMS["en"], position(text, word)) == rule


NOT_UNDERTAKEN = [
    ("Veld declined to comment.", "declined to", "refused", "refusal_to_speak"),
    ("He read resolutions that Veld has supported.", "supported", "agreed", "in_relative_clause"),
    ("Veld had a goal ruled out.", "ruled out", "refused", "undergone"),
    ("If Veld agrees to pay, it is over.", "agrees to", "agreed", "in_condition"),
    ("Veld decided, and all left.", "decided", "decided", "decision_in_passing"),
    ("Veld did not promise a bridge.", "promise", "pledged", "negated"),
    ("Veld may promise a bridge.", "promise", "pledged", "unreal"),
    ("Veld agreed with Orvel Gas that it was late.", "agreed", "agreed", "denial_of_fact"),
    ("Veld undertakes no duty to pay.", "undertakes", "pledged", "undertaking_of_nothing"),
    ("Veld promised to follow and did not.", "promised", "pledged", "broken_word"),
    ("A flood at the gates of Veld threatens to rise.", "threatens to", "threatened", "danger_of_a_thing"),
    ("Veld recalled in a letter how it began.", "recalled", "decided", "remembering"),
    ("Veld declined slightly.", "declined", "refused", "falling"),
    ("He read out a plan rejected by Veld.", "rejected", "refused", "by_another"),
    ("Veld suggested that it was late.", "suggested", "proposed", "suggestion_of_fact"),
    ("It is weaker than its pages suggest.", "suggest", "proposed", "in_comparison"),
]


@pytest.mark.parametrize(("text", "verb", "status", "rule"), NOT_UNDERTAKEN)
def test_verbs_of_undertaking_that_tell_no_commitment(text: str, verb: str, status: str, rule: str):
    assert first(undertaking_rules.NOT_UNDERTAKEN, candidate(text, verb, status)) == rule


NO_COMMITMENT = [
    ("Analysts hope Veld will pay.", "will", "", "expected"),
    ("Veld would pay, Pell warned.", "would", "", "feared"),
    ("Unless Veld will pay soon, it is over.", "will", "", "in_condition"),
    ("Veld would pay.", "would", "", "would_without_speaker"),
    ("He read a pact that Veld will sign.", "will", "", "in_relative_clause"),
    ("Veld will suffer.", "will", "", "event_not_action"),
    ("Veld will be a success.", "will", "", "state_not_action"),
    ("Tomorrow a bright sun will shine.", "will", "", "without_subject"),
    ("Veld will believe it.", "will", "", "opinion_or_liking"),
    ("We would pay.", "would", "Veld", "would_in_first_person"),
    ("We will speak soon.", "will", "Veld", "talk_in_first_person"),
    ("Veld must pay.", "must", "", "obligation_not_agreed"),
]


@pytest.mark.parametrize(("text", "word", "speaker", "rule"), NO_COMMITMENT)
def test_futures_that_tell_no_commitment(text: str, word: str, speaker: str, rule: str):
    assert first(future_rules.NO_COMMITMENTS, candidate(text, word, speaker=speaker)) == rule


THREATS = [
    ("Veld will pay unless Nordheim leaves.", "unless"),
    ("Veld will sue if Nordheim closes the port.", "harm_on_condition"),
    ("Veld will go to Lima if Nordheim does not pay.", "on_failure"),
]


@pytest.mark.parametrize(("text", "rule"), THREATS)
def test_plans_that_are_threats(text: str, rule: str):
    assert first(future_rules.THREATS, candidate(text, "will")) == rule


# ── reactions and risks ──────────────────────────────────────────────────────────────────────────


def opinion(text: str, word: str, speaker: str = "") -> reactions.Opinion:
    reading, told = read(text)
    stance, match = next(
        (stance, match)
        for stance, pattern in reactions._OPINIONS.items()
        for match in pattern.finditer(reading.text)
        if match.group().startswith(word)
    )
    by = (Referent(speaker, 1),) if speaker else NOBODY
    return reactions.Opinion(reading, place_of(word, reading.tokens)[0], stance, match, told, by)


NO_STANCES = [
    ("Ana Belmar said “I support it”.", "support", "supports", "in_quotation"),
    ("He read resolutions that Veld has supported.", "supported", "supports", "in_relative_clause"),
    ("Veld did not support it.", "support", "supports", "negated_or_possible"),
    ("Veld wants a bridge.", "wants", "neutral", "wish"),
    ("Veld had originally asked for more.", "asked for", "neutral", "before_the_events"),
    ("Ana Belmar was accused of theft.", "accused", "opposes", "undergone"),
    ("He read out a plan backed by Veld.", "backed", "supports", "undergone"),
]


@pytest.mark.parametrize(("text", "verb", "stance", "rule"), NO_STANCES)
def test_verbs_of_stance_that_take_none(text: str, verb: str, stance: Any, rule: str):
    reading, _ = read(text)
    place = place_of(verb, reading.tokens)[0]
    assert first(reactions.NO_STANCES, reactions.StanceVerb(reading, place, stance)) == rule


HOLDERS = [
    ("“It is wrong,” said Ana Belmar.", "wrong", "Ana Belmar", "speaker_of_quotation"),
    ("Veld is furious about it.", "furious", "", "who_feels"),
    ("Veld said the plan was wrong.", "wrong", "", "speaker_before_opinion"),
    ("The plan was wrong, Ana Belmar said.", "wrong", "Ana Belmar", "speaker_after_opinion"),
    ("Veld spoke against the plan.", "spoke against", "", "subject_of_clause"),
]


@pytest.mark.parametrize(("text", "word", "speaker", "rule"), HOLDERS)
def test_who_holds_an_opinion(text: str, word: str, speaker: str, rule: str):
    assert first(reactions.HOLDERS, opinion(text, word, speaker)) == rule


TOPICS = [
    ("Veld is furious about the plan.", "furious", "object_of_opinion"),
    ("Veld called the plan a mistake.", "mistake", "described_object"),
    ("Veld said the plan was wrong.", "wrong", "subject_of_statement"),
]


@pytest.mark.parametrize(("text", "word", "rule"), TOPICS)
def test_what_an_opinion_is_about(text: str, word: str, rule: str):
    assert first(reactions.TOPICS, opinion(text, word)) == rule


RISKS = [
    ("Veld fears a long winter.", "verb_of_danger"),
    ("The bridge could be late.", "open_could"),
    ("The danger is old.", "noun_of_danger"),
    ("The bridge may collapse.", "possible_harm"),
    ("The bridge will collapse if it rains.", "conditional_harm"),
]


@pytest.mark.parametrize(("text", "rule"), RISKS)
def test_what_tells_a_risk(text: str, rule: str):
    assert first(risks.RISKS, read(text)[0]) == rule


@pytest.mark.parametrize("text", ["The bridge could not collapse.", "Veld threatened to leave.", "The bridge is old."])
def test_what_tells_no_risk(text: str):
    assert not risks.is_risk(read(text)[0])
