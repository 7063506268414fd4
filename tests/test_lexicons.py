"""Word lists: their files are in good order, and the code uses each of them."""

import itertools
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import summariser
from summariser.extraction.rules.verbs import VerbSense, verb_senses
from summariser.text import lexicon
from summariser.text.inflection import noun_forms, verb_forms

PACKAGE = Path(summariser.__file__).parent
FOLDER = PACKAGE / "text" / "lexicons"
FILES = sorted(FOLDER.glob("*/*.txt"))
CODE = "\n".join(path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py")))

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")


def entries(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]


@each_file
def test_a_list_begins_with_sentences_that_say_what_it_is_and_where_it_comes_from(file: Path):
    lines = file.read_text("utf-8").splitlines()
    head = list(itertools.takewhile(lambda line: line.startswith("#"), lines))
    assert re.fullmatch(r"# [A-Z].+\.", head[0])
    assert len(head) == 1 or head[1].startswith("# From ")
    assert len(head) == sum(line.startswith("#") for line in lines)


@each_file
def test_a_list_is_sorted_has_no_entry_twice_and_no_blank_line(file: Path):
    assert entries(file) == sorted(set(entries(file)))
    assert all(line.strip() for line in entries(file))


@each_file
def test_a_list_is_in_normal_form_and_has_the_same_columns_in_every_line(file: Path):
    text = file.read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")
    assert len({line.count("\t") for line in entries(file)}) == 1


@each_file
def test_a_list_is_named_by_the_code(file: Path):
    assert re.search(rf"""["']{file.stem}["']""", CODE)


def test_every_list_that_the_code_names_exists():
    accessors = "rows|words|phrases|values|by_value|alternatives|pattern"
    named = set(re.findall(rf"""\b(?:{accessors})\(["'](\w+)["']""", CODE))
    assert len(named) > 80
    assert named <= {file.stem for file in FILES}


def test_every_folder_is_a_language_that_is_read():
    assert {folder.name for folder in FOLDER.iterdir()} == {
        "any",
        "ko",
        *lexicon.RULE_LANGUAGES,
        *lexicon.OTHER_LANGUAGES,
    }


def test_no_list_is_read_before_it_is_needed():
    code = (
        "import summariser.cli.app, summariser.documents.document, summariser.prompts, summariser.settings\n"
        "from summariser.text import lexicon\n"
        "print(lexicon.rows.cache_info().currsize)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "0"


def test_a_language_without_a_list_has_no_words_and_an_unknown_one_has_no_words_either():
    assert lexicon.words("determiners", "it") == frozenset()
    assert lexicon.words("determiners", None) == frozenset()
    assert {"the", "le", "el", "der"} <= lexicon.words("determiners")


def test_where_the_language_is_unknown_the_negations_of_every_language_count():
    assert {"not", "pas", "nunca", "nicht"} <= lexicon.negations(None)
    assert "pas" not in lexicon.negations("en")


def test_entries_are_compared_in_the_form_that_tokens_have():
    assert {"mutmasslich", "begrüsst"} <= lexicon.hedges("de") | lexicon.words("stance_verbs", "de")


def test_a_marked_verb_stands_for_all_its_forms_and_a_marked_noun_for_its_plural():
    senses = {phrase for phrase in lexicon.phrases("commitment_verbs", "en") if phrase[1:] == ("up",)}
    assert {("sign", "up"), ("signs", "up"), ("signed", "up"), ("signing", "up")} <= senses
    assert {"vetoes", "worries", "plans"} <= lexicon.words("verbs_that_are_nouns", "en")
    assert "planned" not in lexicon.words("verbs_that_are_nouns", "en")


def test_a_pattern_prefers_the_longest_entry_and_takes_only_those_of_one_value():
    found = lexicon.pattern("condition_clauses", "en").findall("if so, and only if it pays, provided that")
    assert found == ["if", "only if", "provided that"]
    assert lexicon.pattern("opinions", "en", value="opposes").search("It is disgraceful.").group() == "disgraceful"
    assert not lexicon.pattern("opinions", "en", value="supports").search("It is disgraceful.")


def test_a_full_stop_in_an_entry_is_a_full_stop_in_a_pattern():
    assert re.fullmatch(lexicon.alternatives("text_software", "en"), "a.i.")
    assert not re.fullmatch(lexicon.alternatives("text_software", "en"), "abic")


def test_a_verb_of_several_senses_has_them_in_the_order_of_kinds():
    assert verb_senses("en")["feared"] == (
        VerbSense("reaction", "concerned"),
        VerbSense("danger", ""),
        VerbSense("speech", ""),
    )


def test_a_verb_of_several_senses_has_the_one_with_most_words_first():
    lengths = [len(sense.follows) for sense in verb_senses("en")["signed"]]
    assert lengths == sorted(lengths, reverse=True)
    assert len(set(lengths)) > 1


def test_a_language_that_is_not_known_has_no_verbs():
    assert verb_senses("it") == verb_senses(None) == {}


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("agree", "agree agrees agreed agreeing"),
        ("promise", "promise promises promised promising"),
        ("deny", "deny denies denied denying"),
        ("delay", "delay delays delayed delaying"),
        ("dismiss", "dismiss dismisses dismissed dismissing"),
        ("veto", "veto vetoes vetoed vetoing"),
        ("ban", "ban bans banned banning"),
        ("limit", "limit limits limited limiting"),
        ("lay", "lay lays laid laying"),
        ("cancel", "cancel cancels canceled cancelled canceling cancelling"),
    ],
)
def test_verbs_are_inflected(verb: str, forms: str):
    assert verb_forms(verb, lexicon.values("irregular_verbs", "en")) == frozenset(forms.split())


def test_nouns_have_a_plural():
    assert noun_forms("accusation") | noun_forms("worry") == {"accusation", "accusations", "worry", "worries"}
