"""Regions as CRM files write them, and as people read them."""

from portal.i18n import mark

REGION_NAMES = {
    "NA": mark("North America"),
    "EMEA": mark("Europe, Middle East and Africa"),
    "APAC": mark("Asia and Pacific"),
    "LATAM": mark("Latin America"),
}


def region_name(code: str) -> str:
    return REGION_NAMES.get(code.upper(), code)
