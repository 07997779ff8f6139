"""For `make messages`: what translators need from Python files."""

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python

ExtractedMessage = tuple[int, Any, Any, Any]  # line, keyword, arguments, comments


def extract_messages(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> Iterator[ExtractedMessage]:
    """Read Python as Babel does, except that a policy names a label and a hint, not a plural."""
    for line, name, messages, comments in extract_python(file, keywords, tags, options):
        yield line, name, messages, comments
        if name in {"declare", "_weight"} and len(messages) > 3 and messages[3]:
            yield line, "hint_of", messages, comments
