"""What counts as one line, and how words begin inside a sentence: the same for forms, emails and every gateway."""


def is_one_line(text: str) -> bool:
    """Tell whether no sign stands in it that some program takes for the end of a line, nor NUL.

    Python's e-mail package refuses all of them in a header.
    """
    return text.splitlines() in ([], [text]) and "\0" not in text


def mid_sentence(words: str) -> str:
    """Continue a sentence: “month-end close”, but “SOX reporting”."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
