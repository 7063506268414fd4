"""Prompt injection: sentences that address the software that reads the document."""

import re
from functools import lru_cache

from summariser.documents.document import Document
from summariser.text.lexicon import alternatives

_READER = rf"(?:{alternatives('text_software', 'en')}|GPT\S*)"
_PRIOR = r"(?:previous|prior|earlier|above|preceding|foregoing|other|your|all|any|these|the|of|system|developer)"
_ANSWER = ("summar", "output", "answer", "response", "json", "list of ")
# each pattern with words of which every match has one, none of them for a name of the reader
_PATTERNS: tuple[tuple[tuple[str, ...], str], ...] = (
    # orders to ignore earlier instructions
    (
        ("ignore", "disregard", "forget", "override", "bypass", "drop"),
        rf"\b(?:ignore|disregard|forget|override|bypass|drop)\b(?:\s+{_PRIOR}\b)*\s+"
        r"(?:instructions?|prompts?|rules|guidelines|directions|commands|everything|text above|guardrails|constraints)",
    ),
    (
        ("ignore", "disregard", "forget"),
        r"\b(?:ignore|disregard|forget) (?:everything|anything|all(?: of)? (?:this|that|it)|what(?:ever)?) "
        r"(?:above|before|you (?:were|have been) told|written)",
    ),
    (("ignor",), r"\bignor(?:ez|er|e) (?:toutes? )?(?:les |vos |tes )?(?:instructions|consignes|directives)"),
    (("pas compte",), r"\bne (?:tenez|tiens) pas compte (?:des|de vos|de tes|de tout)"),
    (
        ("ignor", "olvid"),
        r"\b(?:ignora|ignore|ignorad|olvida|olvide) (?:todas? )?(?:las |los |tus |sus )?"
        r"(?:instrucciones|órdenes|indicaciones)",
    ),
    (
        ("ignorier", "vergiss", "missachte"),
        r"\b(?:ignoriere|ignorieren sie|vergiss|missachte)\b.{0,30}\b(?:anweisungen|vorgaben|befehle|instruktionen)",
    ),
    (("ignor",), r"\bignora (?:tutte )?le (?:precedenti )?istruzioni|\bignore (?:todas )?as instruções"),
    (
        ("игнорируй", "忽略", "무시", "無視", "تجاهل"),
        r"игнорируй\w* .{0,30}инструкци|忽略.{0,12}(?:指令|指示|提示)|이전 (?:지시|명령).{0,10}무시|"
        r"これまでの指示.{0,8}無視|"
        r"تجاهل.{0,20}التعليمات",
    ),
    # addresses to the software, or orders about the answer
    (
        (),
        rf"\b(?:note|message|attention|notice|instructions?|warning|memo|reminder)\s+(?:to|for)\s+"
        rf"(?:all |any |the |our )*{_READER}\b",
    ),
    ((), rf"^\W*(?:dear|hey|hi|hello|attention|to)[,:]?\s+(?:any |all |the )*{_READER}\b\s*[,:!–—-]"),
    ((), rf"\bif you are (?:an? |the )*{_READER}\b"),
    ((), rf"\b(?:as|you are(?: now)?|act as|pretend to be) (?:an? |the )*{_READER}\b"),
    ((), rf"\b{_READER}\s+(?:reading|processing|summari[sz]ing|parsing|that reads?|which reads?) this\b"),
    (
        (),
        rf"\b{_READER} "
        r"(?:must|should|shall|are (?:to|instructed to|asked to|required to)|is (?:to|instructed to|required to)) "
        r"(?:only |now |always |never |also |not )*"
        r"(?:report|say|state|output|write|list|include|mention|omit|add|answer|reply|respond|summari[sz]e|treat|mark|"
        r"print|return|ignore)",
    ),
    (
        _ANSWER,
        r"\b(?:in|from) (?:your|the|any) (?:summary|summaries|output|answer|response|json)\b.{0,40}"
        r"\b(?:say|state|add|include|write|list|omit|report|leave out|mark)",
    ),
    (
        _ANSWER,
        r"\b(?:add|include|insert|list|report|mention|write|say|state|omit|mark)\b.{0,80}"
        r"\b(?:in|from|to) (?:your|the|any) "
        r"(?:summary|output|answer|response|json|list of (?:parties|commitments|reactions|risks))\b",
    ),
    (
        _ANSWER,
        r"\b(?:the|only) (?:correct|right|true|official|proper|approved) (?:summary|answer|output|response)\b",
    ),
    (
        ("only", "nothing but", "exactly", "just"),
        r"^\W*(?:report|output|say|print|return|answer|write|list) (?:only|nothing but|exactly|just) "
        r"(?:this|that|the following|the word|with|json|in)\b",
    ),
    (
        ("respond", "reply", "answer"),
        r"\b(?:respond|reply|answer) (?:only )?(?:with|in) (?:json|the (?:word|text|following)|one word|a poem|base64)",
    ),
    (
        _ANSWER,
        r"\bwhen (?:you )?(?:are )?summari[sz](?:e|ing) (?:this|the) (?:text|article|report|document|page)",
    ),
    (
        ("prompt", "instructions"),
        r"\b(?:reveal|print|repeat|show|output|leak|disclose|quote)\b.{0,20}"
        r"\b(?:your|the|this) (?:system |initial |full |hidden |own )*(?:prompt|instructions)\b",
    ),
    (
        ("prompt", "developer message", "jailbreak", "dan mode"),
        r"\bsystem prompt\b|\bdeveloper message\b|\bjailbreak|\bDAN mode\b|\bprompt injection succeeded",
    ),
    (
        ("résumé", "resumen", "zusammenfassung"),
        r"\b(?:dans|pour) (?:ton|votre|le) résumé\b|\b(?:en|para) (?:tu|su|el) resumen\b|"
        r"\bin (?:deiner|ihrer|der) zusammenfassung\b",
    ),
    (
        ("aux", "à l", "a los", "asistentes", "modelos", "sistemas"),
        r"\b(?:aux|à l[’'])\s*(?:intelligences? artificielles?|assistants?|IA)\b.{0,20}:|"
        r"\ba (?:los )?(?:asistentes|modelos|sistemas automáticos)\b.{0,20}:",
    ),
    # the control tokens of chat templates
    (
        ("<", "[", "system", "assistant", "user"),
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?(?:INST|SYS)\]|<</?SYS>>|"
        r"^\W*(?:system|assistant|user)\s*:",
    ),
    (
        ("#", "<"),
        r"^\W*###\s*(?:instruction|system|response|task)\b|<!--.*?(?:instruction|prompt|summar|ignore).*?-->|"
        r"</?(?:system|instructions?|prompt)>",
    ),
)
_NAMES_READER = re.compile(rf"\b{_READER}", re.I)
_NOT_SOFTWARE = re.compile(
    r"\b(?:assistant|software) (?:coach|manager|secretary|professor|director|commissioner)", re.I
)


_ALIKE = str.maketrans("ıİ", "ii")  # letters that a pattern without regard to case takes for an i


@lru_cache(maxsize=32)  # extraction, coverage and grounding ask for the same document
def injected_sentences(document: Document) -> frozenset[int]:
    """Return the numbers of the sentences that address software, and of the sentences after them in their paragraphs.

    The rest of a paragraph is included because an instruction and the text that it demands usually stand together.
    Boilerplate is checked as well. English has the most patterns; other languages have only the most common ones.
    """
    order = _order_of(_possible_patterns(" ".join(document.text.split())))
    found: set[int] = set()
    begun: int | None = None
    for sentence in document.sentences if order else ():
        if order and order.search(_NOT_SOFTWARE.sub("", " ".join(sentence.text.split()))):
            begun = sentence.paragraph
        if begun == sentence.paragraph:
            found.add(sentence.number)
    return frozenset(found)


def _possible_patterns(text: str) -> tuple[str, ...]:
    """Return the patterns whose words occur in a text; no other one can match a sentence of it."""
    folded = text.translate(_ALIKE).casefold()
    names_reader = _NAMES_READER.search(text) is not None
    return tuple(
        pattern for words, pattern in _PATTERNS if (any(word in folded for word in words) if words else names_reader)
    )


@lru_cache(maxsize=256)
def _order_of(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I) if patterns else None
