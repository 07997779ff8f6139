"""When two spellings name the same company or deal. Stored beside the name and compared plainly."""

import unicodedata

EDGES = " .,;:!?*'\"-–—_/\\"


def normal_name(text: str) -> str:
    """Ignore case, width, spacing and punctuation at the edges: “ACME, Inc.” is “acme, inc”."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    spaced = " ".join(folded.split())
    return spaced.strip(EDGES) or spaced
