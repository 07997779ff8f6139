"""Which characters are kept of what somebody typed."""

import unicodedata

DAMAGED = "\ufffd"  # stands where bytes could not be read
JOINERS = "\u200c\u200d"  # letters of Persian, Sinhala and others, and of emoji


def storable(sign: str) -> str:
    """Keep joiners, which belong to words; drop other invisible signs, and turn control characters into blanks."""
    if sign.isprintable() or sign in JOINERS:
        return sign
    return "" if unicodedata.category(sign) == "Cf" else " "
