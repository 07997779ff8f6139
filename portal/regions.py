"""Regions as CRM files write them, and as people read them."""


def mark(words: str) -> str:
    """Marks a sentence for translators; it is translated where it is shown."""
    return words


REGION_NAMES = {
    "NA": mark("North America"),
    "EMEA": mark("Europe, Middle East and Africa"),
    "APAC": mark("Asia and Pacific"),
    "LATAM": mark("Latin America"),
}


def region_name(code: str) -> str:
    """“North America”; a region of the workspace's own as it is."""
    return REGION_NAMES.get(code.upper(), code)
