"""Region and time zone of “City, State” or “City, Country”. Where a place spans several zones we don't guess."""

ZONES = {
    "America/New_York": "Connecticut|D.C.|District of Columbia|Delaware|Georgia|Maine|Maryland|Massachusetts|"
    "New Hampshire|New Jersey|New York|North Carolina|Ohio|Pennsylvania|Rhode Island|South Carolina|Vermont|"
    "Virginia|West Virginia",
    "America/Chicago": "Alabama|Arkansas|Illinois|Iowa|Louisiana|Minnesota|Mississippi|Missouri|Oklahoma|Wisconsin",
    "America/Denver": "Colorado|Montana|New Mexico|Utah|Wyoming",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "California|Nevada|Washington",
    "Pacific/Honolulu": "Hawaii",
    "Atlantic/Bermuda": "Bermuda",
    "Europe/London": "United Kingdom|UK|England|Scotland|Wales|Northern Ireland",
    "Europe/Dublin": "Ireland",
    "Europe/Zurich": "Switzerland",
    "Europe/Berlin": "Germany|Deutschland",
    "Europe/Vienna": "Austria",
    "Europe/Paris": "France",
    "Europe/Amsterdam": "Netherlands",
    "Europe/Brussels": "Belgium",
    "Europe/Luxembourg": "Luxembourg",
    "Europe/Madrid": "Spain",
    "Europe/Rome": "Italy",
    "Europe/Lisbon": "Portugal",
    "Europe/Stockholm": "Sweden",
    "Europe/Oslo": "Norway",
    "Europe/Copenhagen": "Denmark",
    "Europe/Helsinki": "Finland",
    "Europe/Warsaw": "Poland",
    "Europe/Prague": "Czech Republic|Czechia",
    "Asia/Jerusalem": "Israel",
    "Asia/Dubai": "United Arab Emirates",
    "Africa/Johannesburg": "South Africa",
    "Africa/Lagos": "Nigeria",
    "Asia/Kolkata": "India",
    "Asia/Tokyo": "Japan",
    "Asia/Seoul": "South Korea",
    "Asia/Shanghai": "China",
    "Asia/Hong_Kong": "Hong Kong",
    "Asia/Singapore": "Singapore",
    "Asia/Taipei": "Taiwan",
    "Pacific/Auckland": "New Zealand",
    "America/Bogota": "Colombia",
    "America/Lima": "Peru",
    "America/Argentina/Buenos_Aires": "Argentina",
}
MANY_ZONES = {
    "NA": "Alaska|Florida|Idaho|Indiana|Kansas|Kentucky|Michigan|Nebraska|North Dakota|Oregon|South Dakota|Tennessee|"
    "Texas|United States|USA|US|Canada|Ontario|Quebec|British Columbia|Alberta",
    "LATAM": "Mexico|Brazil|Chile",
    "APAC": "Australia|Indonesia",
}
REGION_BY_CONTINENT = {"Europe": "EMEA", "Africa": "EMEA", "Asia": "APAC", "Pacific": "APAC", "America": "NA"}
REGION_EXCEPTIONS = {
    "Asia/Jerusalem": "EMEA",
    "Asia/Dubai": "EMEA",
    "Pacific/Honolulu": "NA",
    "Atlantic/Bermuda": "NA",
    "America/Bogota": "LATAM",
    "America/Lima": "LATAM",
    "America/Argentina/Buenos_Aires": "LATAM",
}


def _region_and_zone_by_place() -> dict[str, tuple[str, str]]:
    """Place -> (region, zone or '')."""
    found = {place: (region, "") for region, places in MANY_ZONES.items() for place in places.split("|")}
    for zone, places in ZONES.items():
        region = REGION_EXCEPTIONS.get(zone) or REGION_BY_CONTINENT[zone.partition("/")[0]]
        found |= dict.fromkeys(places.split("|"), (region, zone))
    return {place.casefold(): guess for place, guess in found.items()}


PLACES = _region_and_zone_by_place()


def place_of(city: str) -> tuple[str, str]:
    """Return region and time zone by the last part of the address; '' and '' when we can't say."""
    last = city.rpartition(",")[2].partition("[")[0].strip()
    return PLACES.get(last.casefold(), ("", ""))
