"""The time zones and currencies a workspace can choose from."""

from zoneinfo import available_timezones

CONTINENTS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
CURRENCY_CODES = (
    "AED AUD BRL CAD CHF CLP CNY COP CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KES KRW "
    "MXN MYR NGN NOK NZD PHP PLN QAR RON SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
TIME_ZONES = [
    ("UTC", "UTC"),
    *sorted((zone, zone.replace("_", " ")) for zone in available_timezones() if zone.startswith(CONTINENTS)),
]
CURRENCIES = [(code, code) for code in CURRENCY_CODES.split()]
