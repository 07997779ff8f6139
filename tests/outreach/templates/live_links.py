"""What a mail program might make a link of, found in another way than the portal does it."""

import re
import unicodedata
from collections import Counter
from html import unescape

LIVE = re.compile(
    r"(?i)[a-z][a-z0-9+.-]*://\S*|\bwww\.\w\S*|[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}|\S+@\S+|mailto:\S+|tel:\S+"
)
TAGS = re.compile(r"<[^>]*>")


def live_in(*parts: str) -> Counter[str]:
    """Of any part of an email; HTML counts by its words and by where its links lead."""
    found: Counter[str] = Counter()
    for part in parts:
        words = part
        if part.lstrip().startswith("<!doctype"):
            found.update(re.findall(r'href="([^"]*)"', part))
            words = unescape(TAGS.sub(" ", part.partition("</head>")[2]))
        found.update(LIVE.findall(unicodedata.normalize("NFKC", words)))
    return found
