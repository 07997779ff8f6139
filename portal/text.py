"""What counts as one line, and how words begin inside a sentence: the same for forms, emails and every gateway."""

INVISIBLE_CHARACTERS = frozenset(
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def clean_text(text: str) -> str:
    """Remove outer blanks, control characters (a NUL cannot be stored), and signs that turn or hide others."""
    return "".join(
        char for char in text if (char >= " " or char in "\n\t") and char not in INVISIBLE_CHARACTERS
    ).strip()


def is_one_line(text: str) -> bool:
    """Tell whether no sign stands in it that some program takes for the end of a line, nor NUL.

    Python's e-mail package refuses all of them in a header.
    """
    return text.splitlines() in ([], [text]) and "\0" not in text


def mid_sentence(words: str) -> str:
    """Continue a sentence: “month-end close”, but “SOX reporting”."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
