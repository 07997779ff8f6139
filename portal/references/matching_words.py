"""What matching found, in sentences: why somebody fits, what is missing, why people were left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal import regions
from portal.advocates.models import Advocate
from portal.asks.models import Kind
from portal.asks.sentences import Sentence, sentence
from portal.references.matching_filters import Reason
from portal.references.matching_scores import Criterion
from portal.references.matching_sql import EVENING, MORNING
from portal.references.why import inside
from portal.references.wishes import Wish, size_band
from tenants.clock import utc_now

ROLES = {"c_level": "C-level", "vp": "VP", "director": "Director", "manager": "Manager", "staff": ""}
FIELDS = {"it": "IT", "finance": "Finance", "operations": "Operations", "data": "Data"}
LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
}
DID_NOT_AGREE = {
    Kind.CALL: "Have not agreed to calls",
    Kind.SITE_VISIT: "Have not agreed to site visits",
    Kind.WRITTEN: "Have not agreed to be named in writing",
    Kind.QUOTE: "Have not agreed to be quoted",
    Kind.SPEAKING: "Have not agreed to speak",
    Kind.RFP: "Have not agreed to be named in RFP answers",
}
ASKED_ENOUGH = "Asked enough for now. First free again on %(day)s"
LEFT_OUT: Mapping[Reason, str] = {
    Reason.NOT_JOINED: "Have not joined the programme",
    Reason.LEFT: "Have left or said no",
    Reason.PAUSED: "Paused by their own choice",
    Reason.UNWILLING: "Would rather help in other ways",
    Reason.OPTED_OUT: "Have opted out in your CRM",
    Reason.OWN_COMPANY: "Work at %(prospect)s or its group",
    Reason.COMPETES: "Compete with %(prospect)s",
    Reason.HEALTH: "Account health is red or yellow",
    Reason.RENEWAL: "Renewal is close",
    Reason.ASKED_BEFORE: "Were asked for this already",
    Reason.TOO_LARGE: "Have set a limit that is shorter than this takes",
    Reason.LANGUAGE: "Do not speak %(language)s",
    Reason.REGION: "Outside %(region)s",
}


@dataclass(frozen=True)
class Told:
    """One person against one wish, with what the query knew of the past."""

    wish: Wish
    advocate: Advocate
    rating: int | None
    rated_on: date | None
    load: int
    today: date

    def why(self, criterion: Criterion) -> Sentence:
        """Why there are points."""
        match criterion:
            case Criterion.PRODUCT:
                return sentence("Uses %(product)s", product=self.wish.product)
            case Criterion.INDUSTRY:
                return self._industry()
            case Criterion.USE_CASE:
                return sentence("Uses it for %(use_case)s too", use_case=inside(self.wish.use_case))
            case Criterion.PERSONA:
                return self._persona()
            case Criterion.REGION:
                return self._hours()
            case Criterion.SIZE:
                return self._size()
            case _:
                return self._past(criterion)

    def _past(self, criterion: Criterion) -> Sentence:
        if criterion is Criterion.QUALITY:
            return self._rated()
        if criterion is Criterion.LOAD:
            return sentence("One ask in 90 days") if self.load else sentence("No ask in 90 days")
        if self.advocate.nps is None:
            return sentence("Satisfaction is not known")
        return sentence("Would recommend us: %(nps)s of 10", nps=self.advocate.nps)

    def _industry(self) -> Sentence:
        field = self.advocate.account.industry if self.advocate.account else ""
        if field.casefold() == self.wish.industry.casefold():
            return sentence("Same field: %(field)s", field=field.lower())
        return sentence("Related field: %(field)s", field=field.lower())

    def _persona(self) -> Sentence:
        if self.advocate.persona == self.wish.persona:
            return sentence("The role wanted: %(role)s", role=role(self.advocate))
        return sentence("Leads in another field: %(role)s", role=role(self.advocate))

    def _hours(self) -> Sentence:
        """Both clocks where the rep said where the prospect is; a guess is told as one."""
        account, wish, here = self.advocate.account, self.wish, self.advocate.time_zone
        place = account.region if account else ""
        if shared := shared_hours(here, wish.time_zone, self.today):
            return sentence("%(here)s in %(city)s is %(there)s in %(other)s", **shared)
        if place and place == wish.region:
            return sentence("Same region: %(region)s", region=regions.named(place))
        if not here:
            return sentence("Working hours are not known")
        if wish.time_zone:
            return sentence("Shares working hours")
        return sentence("Shares working hours if they are in %(city)s", city=city(wish.zone))

    def _size(self) -> Sentence:
        band = size_band(self.advocate.account.employees if self.advocate.account else None)
        if band == self.wish.company_size:
            return sentence("Same size: %(band)s staff", band=band)
        return sentence("Nearly the same size: %(band)s staff", band=band)

    def _rated(self) -> Sentence:
        if self.rating is None or self.rated_on is None:
            return sentence("No rated call yet")
        return sentence("Last call rated %(rating)s of 5, on %(day)s", rating=self.rating, day=self.rated_on)

    def lack(self, criterion: Criterion) -> Sentence | None:
        """What is missing, where it is worth a word."""
        wish = self.wish
        return {
            Criterion.PRODUCT: sentence("Does not use %(product)s", product=wish.product),
            Criterion.INDUSTRY: sentence("Another field than %(field)s", field=wish.industry.lower()),
            Criterion.USE_CASE: sentence("Does not use it for %(use_case)s", use_case=inside(wish.use_case)),
            Criterion.LOAD: sentence("%(count)s asks in 90 days", count=self.load),
        }.get(criterion)

    def gap(self, reason: Reason, free_on: date) -> Sentence:
        """Of a near match: the one thing that is missing."""
        if reason is Reason.BUDGET:
            return sentence("Fits well, but rests until %(day)s", day=free_on)
        if reason is Reason.LANGUAGE:
            return sentence(
                "Fits well, but does not speak %(language)s", language=language(self.wish.language)
            )
        place = self.advocate.account.region if self.advocate.account else ""
        return sentence("Fits well, but is in %(region)s", region=regions.named(place))


def left_out(reason: Reason, wish: Wish, free_on: date | None) -> Sentence:
    if reason is Reason.CONSENT:
        return sentence(DID_NOT_AGREE[wish.kind])
    if reason is Reason.BUDGET:
        return sentence(ASKED_ENOUGH, day=free_on)
    blanks = {
        "prospect": wish.prospect,
        "language": language(wish.language),
        "region": regions.named(wish.region),
    }
    used = {name: value for name, value in blanks.items() if f"%({name})s" in LEFT_OUT[reason]}
    return sentence(LEFT_OUT[reason], **used)


def about(advocate: Advocate) -> tuple[Sentence, ...]:
    """For the desk: “VP IT at Wabtec”, “Stockholm”, “Customer for 3 years”."""
    account = advocate.account
    if account is None:
        return (sentence("%(title)s", title=advocate.title or role(advocate)),)
    at = sentence("%(title)s at %(company)s", title=advocate.title or role(advocate), company=account.name)
    return (at, *_place(account.city), *_years(account.customer_since))


def described(advocate: Advocate) -> tuple[Sentence, ...]:
    """For reps: the role in common words, never the title, which can name a person or a company."""
    parts = [sentence("%(role)s", role=role(advocate))]
    if account := advocate.account:
        parts += [sentence("%(field)s", field=account.industry.lower())] if account.industry else []
        parts += [sentence("%(band)s staff", band=size_band(account.employees))] if account.employees else []
        parts += _years(account.customer_since)
    return tuple(parts)


def role(advocate: Advocate) -> str:
    words = ROLES.get(advocate.seniority, ""), FIELDS.get(advocate.persona, "")
    return " ".join(word for word in words if word) or "Customer"


def _place(city: str) -> tuple[Sentence, ...]:
    return (sentence("%(city)s", city=city),) if city else ()


def _years(since: date | None) -> tuple[Sentence, ...]:
    if since is None:
        return ()
    years = (utc_now().date() - since).days // 365
    if years < 1:
        return (sentence("new customer"),)
    return (
        sentence("customer for a year")
        if years == 1
        else sentence("customer for %(years)s years", years=years),
    )


def language(code: str) -> str:
    return LANGUAGES.get(code, code)


def city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def shared_hours(here: str, there: str, day: date) -> dict[str, str]:
    """The part of the working day both share, told in both zones; {} when there is none or a zone is not known."""
    if not here or not there or here == there:
        return {}
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(here))
    apart = (noon.astimezone(ZoneInfo(there)).utcoffset() or timedelta()) - (noon.utcoffset() or timedelta())
    ahead = apart.total_seconds() / 3600
    start, end = max(MORNING, MORNING - ahead), min(EVENING, EVENING - ahead)
    if end - start < 1:
        return {}
    return {
        "here": f"{_clock(start)} to {_clock(end)}",
        "there": f"{_clock(start + ahead)} to {_clock(end + ahead)}",
        "city": city(here),
        "other": city(there),
    }


def _clock(hours: float) -> str:
    return f"{int(hours):02}:{round(hours % 1 * 60):02}"
