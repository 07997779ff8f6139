"""Regions as CRM files write them, and as people read them."""


def shown(words: str) -> str:
    """Marks a sentence for translators; it is translated where it is shown."""
    return words


REGIONS = {
    "NA": shown("North America"),
    "EMEA": shown("Europe, Middle East and Africa"),
    "APAC": shown("Asia and Pacific"),
    "LATAM": shown("Latin America"),
}


def named(code: str) -> str:
    """“North America”; a region of the workspace's own as it is."""
    return REGIONS.get(code.upper(), code)
