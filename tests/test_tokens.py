"""Tokens: typography makes no difference, meaning does."""

import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summariser.text.normalization import normalise
from summariser.text.numbers import numbers_in
from summariser.text.polarity import polarity_of
from summariser.text.states import all_states, state_named, states_in
from summariser.text.tokens import stem, tokenize


def norms(text: str) -> list[str]:
    return [token.norm for token in tokenize(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Don’t”", '"don\'t"'),
        ("the U.S. army", "The US Army"),
        ("long–term", "long-term"),
        ("oﬃce", "office"),
        ("Russia’s", "Russia"),
        ("co\u00adoperate", "cooperate"),
        ("12\u202f000", "12 000"),
        ("１２", "12"),
    ],
)
def test_typography_makes_no_difference(one, other):
    assert norms(one) == norms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("-3", "3"), ("3.5", "35"), ("2%", "2"), ("can't", "can"), ("$5", "£5"), ("5²", "52"), ("5¼", "514")],
)
def test_meaning_does(one, other):
    assert norms(one) != norms(other)


@given(st.text().map(normalise))
def test_tokens_stand_where_they_say(text):
    tokens = tokenize(text, 7)
    assert all(t.end - t.start > 0 for t in tokens)
    assert all(a.end <= b.start or a.start == b.start for a, b in itertools.pairwise(tokens))
    assert all(t.start >= 7 and t.end <= len(text) + 7 for t in tokens)


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("twenty-four years", "en", {(24.0, "years")}),
        ("$2bn", "en", {(2e9, "USD")}),
        ("2 billion dollars", "en", {(2e9, "USD")}),
        ("1,200 jobs", "en", {(1200.0, "")}),
        ("1.200 Stellen", "de", {(1200.0, "")}),
        ("3,5 pour cent", "fr", {(3.5, "%")}),
        ("two percentage points", "en", {(2.0, "%-points")}),
        ("2 per cent", "en", {(2.0, "%")}),
        ("deux milliards d'euros", "fr", {(2e9, "")}),
        ("nobody at all", "en", set()),
    ],
)
def test_numbers_are_read_with_their_units(text, language, found):
    assert set(numbers_in(text, language)) == found


@pytest.mark.parametrize(
    ("text", "word", "times"),
    [
        ("It will sign.", "sign", {0}),
        ("It will not sign.", "sign", {1}),
        ("It won't sign.", "sign", {1}),
        ("It did not rule out sanctions.", "sanction", {2}),
        ("It ruled out sanctions.", "sanction", {1}),
        ("It ruled on sanctions.", "sanction", {0}),
        ("Not only will it sign, it will pay.", "sign", {0}),
        ("It refused to sign; it will pay.", "pay", {0}),
        ("No party signed, but two will sign.", "sign", {0, 1}),
    ],
)
def test_negations_are_counted_for_what_they_govern(text, word, times):
    counts, _ = polarity_of(tokenize(text), "en")
    assert counts[word] == times


def test_states_are_known_by_name_alias_and_seat_but_not_by_their_people():
    assert [state_named(n) for n in ("North Korea", "the DPRK", "Pyongyang", "North Korean", "Korea")] == [
        "KP", "KP", "KP", None, None,
    ]  # fmt: skip


def test_the_longest_name_wins_and_lower_case_is_no_state():
    found = states_in(tokenize("South Korean and North Korean envoys met us in Moscow, not in turkey."))
    assert [code for code, *_ in found] == ["KR", "KP", "RU"]


def test_every_state_of_the_table_is_found_by_each_of_its_names():
    for state in all_states().values():
        assert {state_named(name) for name in (state.name, *state.aliases, *state.seats)} == {state.code}


def test_british_and_american_spellings_have_one_stem():
    assert stem("defence", "en") == stem("defense", "en")
    assert stem("normalising", "en") == stem("normalizing", "en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("마레나와 솔반이 협정을", ["마레나", "솔반", "협정"]),
        ("정부가 나라는 어민들의", ["정부", "나라", "어민들"]),
        ("김정은 김정은은 푸틴은 평양에서", ["김정은", "김정은", "푸틴", "평양"]),
        ("두 나라", ["두", "나라"]),
    ],
)
def test_a_korean_word_is_compared_without_its_particle_and_a_name_stays_whole(text: str, expected: list[str]):
    assert norms(text) == expected


def test_many_threads_stem_at_once():
    words = [
        f"{word}{ending}" for word in ("negotiat", "threaten", "compensat", "agree") for ending in ("ing", "ed", "s")
    ]
    many = [f"{word}{number}" for number in range(400) for word in words]
    stem.cache_clear()
    alone = [stem(word, "en") for word in many]
    stem.cache_clear()
    found: list[list[str]] = []

    def work() -> None:
        found.append([stem.__wrapped__(word, "en") for word in many])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 8
