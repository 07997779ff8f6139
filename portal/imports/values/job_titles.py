"""What a job title says: how senior a person is, and what they care about. First rule that fits wins."""

import re

SENIORITY = (
    ("vp", r"[es]?vp|avp|vice[ -]president"),
    ("c_level", r"chief|c[efitomprd]o|ciso|chro|president|founder|owner|partner"),
    ("director", r"director|head|leiter|leiterin|principal"),
    ("manager", r"manager|lead|supervisor|controller|teamleiter|teamleiterin"),
)
PERSONA = (
    ("data", r"data|analytics|analyst|bi|insights|statistic\w*|scientist"),
    (
        "finance",
        r"finance|financial|cfo|controller|accounting|accountant|treasur\w*|audit\w*|tax|procurement",
    ),
    (
        "it",
        r"it|cio|cto|ciso|technology|architect|security|software|engineer\w*|systems?|infrastructure|developer",
    ),
    ("operations", r"operations?|coo|supply|logistics|process|production|plant|quality"),
)


def _compiled(rules: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((word, re.compile(rf"\b(?:{pattern})\b")) for word, pattern in rules)


SENIORITY_RULES, PERSONA_RULES = _compiled(SENIORITY), _compiled(PERSONA)
ASSISTANT = re.compile(r"\bassistant (?:of|to)\b|\bassistant$|\boffice of\b")


def seniority_of(title: str) -> str:
    """Return c_level, vp, director, manager or staff; '' without a title."""
    text = title.casefold()
    if not text:
        return ""
    if ASSISTANT.search(text):
        return "staff"
    return next((word for word, rule in SENIORITY_RULES if rule.search(text)), "staff")


def persona_of(title: str) -> str:
    """Return it, finance, operations, data or other; '' without a title."""
    text = title.casefold()
    return next((word for word, rule in PERSONA_RULES if rule.search(text)), "other") if text else ""
