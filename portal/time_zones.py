"""Time zones named after cities, as people know them."""

from zoneinfo import available_timezones

CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zone_names(*areas: str) -> dict[str, str]:
    known = sorted(zone for zone in available_timezones() if zone.partition("/")[0] in areas)
    return {zone: zone.replace("_", " ") for zone in known}


def city(time_zone: str) -> str:
    return time_zone.rpartition("/")[2].replace("_", " ")


CITY_ZONES = zone_names(*CONTINENTS)
TIME_ZONES = CITY_ZONES | {"UTC": "UTC"}
