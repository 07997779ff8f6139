"""Sentences that are written where no language is known yet."""


def mark(words: str) -> str:
    """Marks a sentence for translators; it is translated where it is shown."""
    return words


def mark_plural(one: str, many: str) -> tuple[str, str]:
    """Marks a sentence about a number of things; the number is known where it is shown."""
    return one, many
