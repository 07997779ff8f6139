"""The time zones and currencies a workspace can choose from."""

from portal.time_zones import CONTINENTS, zone_names

CURRENCY_CODES = (
    "AED AUD BRL CAD CHF CLP CNY COP CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KES KRW "
    "MXN MYR NGN NOK NZD PHP PLN QAR RON SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
TIME_ZONES = [("UTC", "UTC"), *zone_names(*CONTINENTS, "Antarctica").items()]
CURRENCIES = [(code, code) for code in CURRENCY_CODES.split()]
