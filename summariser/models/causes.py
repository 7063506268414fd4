"""Causes of errors that no changed request avoids, told by the words and codes of a server's error."""

import re
from enum import StrEnum


class Cause(StrEnum):
    """What a server's error blames."""

    FILTER = "filter"
    PAYMENT = "payment"
    PLACE = "place"
    KEY = "key"
    ADDRESS = "address"
    MODEL = "model"


CURES = {
    Cause.PAYMENT: "add credit to the account or use another key",
    Cause.PLACE: "use a network from which the provider accepts requests, or another provider",
    Cause.KEY: "set OPENAI_API_KEY to a valid key",
    Cause.ADDRESS: "check the base URL, which often ends in /v1",
    Cause.MODEL: "check the model's name and the base URL",
}
"""What to do about each cause; a content filter has an error of its own."""

_WORDS = {  # all are codes and wordings of servers from public reports; the first that matches counts
    Cause.FILTER: r"content_filter|content_policy_violation|data_inspection_failed|content management policy"
    r"|(?:input|prompt|content|text) (?:was|has been|were) flagged|content exists risk|inappropriate content"
    r"|不安全或敏感|敏感内容",
    Cause.PAYMENT: r"insufficient[_ ](?:account )?(?:quota|balance|credits?|funds)|billing_not_active"
    r"|billing_hard_limit_reached|exceeded_current_quota_error|exceeded ?budget|budget_exceeded"
    r"|budget has been exceeded|\barrearage\b|余额不足|欠费|out of credits|requires more credits"
    r"|credit balance is too low|used all available credits|monthly spending limit|account \S+ is suspended",
    Cause.PLACE: r"unsupported_country_region_territory|virtual network/firewall"
    r"|(?:country|region|territory|user location)\b.{0,40}\bnot (?:supported|available)",
    Cause.KEY: r"invalid_authentication|authentication_error|login fail|令牌已过期"
    r"|(?:invalid|incorrect|missing|expired|no) (?:or invalid )?(?:x-)?"
    r"(?:api[ _-]?key|authori[sz]ation|auth credentials|access token)|invalid_api_key"
    r"|(?:api[ _-]?key|access token)\b.{0,20}\b(?:not valid|invalid|missing|required|expired)"
    r"|provide an? (?:valid )?api[ _-]?key",
    Cause.ADDRESS: r"unexpected endpoint or method|could not route to|method not allowed",
    Cause.MODEL: r"\bmodel\b.{0,60}\b(?:not found|does not exist|not exist|decommissioned|(?:been|is) retired)"
    r"|(?:unknown|invalid|no such) model|not a valid model|unable to access (?:non-serverless )?model"
    r"|no models? loaded|llm provider not provided|模型不存在"
    r"|model_(?:not_found|not_available|not_supported|decommissioned)"
    r"|\bmod[eèé]l\w*\b.{0,60}\b(?:nicht gefunden|introuvable|no encontrado|não encontrado|non trovato)",
}
_PATTERNS = {cause: re.compile(words, re.IGNORECASE) for cause, words in _WORDS.items()}


def cause_of(text: str) -> Cause | None:
    """Return what an error blames that no changed request avoids, or None.

    Args:
        text: The words of the error, and its codes.
    """
    return next((cause for cause, words in _PATTERNS.items() if words.search(text)), None)
