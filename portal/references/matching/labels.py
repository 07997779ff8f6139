"""What matching found, in sentences: why somebody fits, what is missing, why people were left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel.speaklater import LazyString

from portal.advocates.labels import language_name, short_role
from portal.advocates.models import Advocate
from portal.asks.translatable import TranslatableText, translatable
from portal.i18n import mark
from portal.references.criteria import MatchCriteria, size_band
from portal.references.matching.filters import ExclusionReason
from portal.references.matching.policies import ScoreCriterion
from portal.references.matching.statements import EVENING, MORNING
from portal.text import mid_sentence
from portal.time_zones import city
from portal.web import filters
from tenants.clock import utc_now

BUDGET_FULL_TEXT = mark("Already asked recently. First available again on %(day)s")
EXCLUSION_TEXTS: Mapping[ExclusionReason, str] = {
    ExclusionReason.NOT_JOINED: mark("Haven’t joined the program"),
    ExclusionReason.LEFT: mark("Have left or said no"),
    ExclusionReason.PAUSED: mark("Paused by their own choice"),
    ExclusionReason.UNWILLING: mark("Don’t want to do this"),
    ExclusionReason.OPTED_OUT: mark("Have opted out in your CRM"),
    ExclusionReason.OWN_COMPANY: mark("Work at %(prospect)s or its group"),
    ExclusionReason.COMPETES: mark("Compete with %(prospect)s"),
    ExclusionReason.HEALTH: mark("Account health is red or yellow"),
    ExclusionReason.RENEWAL: mark("Renewal is close"),
    ExclusionReason.ASKED_BEFORE: mark("Were already asked for this"),
    ExclusionReason.TOO_LARGE: mark("Have set a limit that’s shorter than this takes"),
    ExclusionReason.LANGUAGE: mark("Don’t speak %(language)s"),
    ExclusionReason.REGION: mark("Outside %(region)s"),
}


@dataclass(frozen=True)
class MatchExplanation:
    """One person against the criteria, with what the query knew of the past."""

    criteria: MatchCriteria
    advocate: Advocate
    rating: int | None
    rated_on: date | None
    load: int
    today: date

    def reason(self, criterion: ScoreCriterion) -> TranslatableText:
        match criterion:
            case ScoreCriterion.PRODUCT:
                return translatable("Uses %(product)s", product=self.criteria.product)
            case ScoreCriterion.INDUSTRY:
                return self._industry()
            case ScoreCriterion.USE_CASE:
                return translatable(
                    "Also uses it for %(use_case)s", use_case=mid_sentence(self.criteria.use_case)
                )
            case ScoreCriterion.PERSONA:
                return self._persona()
            case ScoreCriterion.REGION:
                return self._hours()
            case ScoreCriterion.SIZE:
                return self._size()
            case _:
                return self._past(criterion)

    def _past(self, criterion: ScoreCriterion) -> TranslatableText:
        if criterion is ScoreCriterion.QUALITY:
            return self._rated()
        if criterion is ScoreCriterion.LOAD:
            return self._load()
        if self.advocate.nps is None:
            return translatable("Satisfaction unknown")
        return translatable("Would recommend us: %(nps)s of 10", nps=self.advocate.nps)

    def _load(self) -> TranslatableText:
        if self.load:
            return translatable("Asked for one favor in 90 days")
        return translatable("Not asked for a favor in 90 days")

    def _industry(self) -> TranslatableText:
        field = self.advocate.account.industry if self.advocate.account else ""
        if field.casefold() == self.criteria.industry.casefold():
            return translatable("Same industry: %(field)s", field=field.lower())
        return translatable("Related industry: %(field)s", field=field.lower())

    def _persona(self) -> TranslatableText:
        if self.advocate.persona == self.criteria.persona:
            return translatable("The right role: %(role)s", role=role(self.advocate))
        return translatable("A leader in another department: %(role)s", role=role(self.advocate))

    def _hours(self) -> TranslatableText:
        """Both clocks where the rep said where the prospect is; a guess is told as one."""
        account, criteria, here = self.advocate.account, self.criteria, self.advocate.time_zone
        place = account.region if account else ""
        if shared := shared_hours(here, criteria.contact_time_zone, self.today):
            return translatable("%(here)s in %(city)s is %(there)s in %(other)s", **shared)
        if place and place == criteria.region:
            return translatable("Same region: %(region)s", region=region(place))
        if not here:
            return translatable("Working hours unknown")
        if criteria.contact_time_zone:
            return translatable("Overlapping working hours")
        return translatable(
            "Overlapping working hours, if they’re in %(city)s", city=city(criteria.prospect_time_zone)
        )

    def _size(self) -> TranslatableText:
        band = size_band(self.advocate.account.employees if self.advocate.account else None)
        if band == self.criteria.company_size:
            return translatable("Same size: %(band)s employees", band=band)
        return translatable("Similar size: %(band)s employees", band=band)

    def _rated(self) -> TranslatableText:
        if self.rating is None or self.rated_on is None:
            return translatable("No rated call yet")
        return translatable(
            "Last call rated %(rating)s of 5, on %(day)s", rating=self.rating, day=self.rated_on
        )

    def missing(self, criterion: ScoreCriterion) -> TranslatableText | None:
        criteria = self.criteria
        return {
            ScoreCriterion.PRODUCT: translatable("Doesn’t use %(product)s", product=criteria.product),
            ScoreCriterion.INDUSTRY: translatable(
                "Different industry, not %(field)s", field=criteria.industry.lower()
            ),
            ScoreCriterion.USE_CASE: translatable(
                "Doesn’t use it for %(use_case)s", use_case=mid_sentence(criteria.use_case)
            ),
            ScoreCriterion.LOAD: translatable("Asked for %(count)s favors in 90 days", count=self.load),
        }.get(criterion)

    def gap(self, reason: ExclusionReason, free_on: date) -> TranslatableText:
        if reason is ExclusionReason.BUDGET:
            return translatable("A good fit, but on a break until %(day)s", day=free_on)
        if reason is ExclusionReason.LANGUAGE:
            return translatable(
                "A good fit, but doesn’t speak %(language)s", language=language(self.criteria.language)
            )
        place = self.advocate.account.region if self.advocate.account else ""
        return translatable("A good fit, but in %(region)s", region=region(place))


def exclusion_text(
    reason: ExclusionReason, criteria: MatchCriteria, free_on: date | None
) -> TranslatableText:
    if reason is ExclusionReason.CONSENT:
        return translatable(criteria.kind.row.without_consent)
    if reason is ExclusionReason.BUDGET:
        return translatable(BUDGET_FULL_TEXT, day=free_on)
    blanks = {
        "prospect": criteria.prospect,
        "language": language(criteria.language),
        "region": region(criteria.region),
    }
    used = {name: value for name, value in blanks.items() if f"%({name})s" in EXCLUSION_TEXTS[reason]}
    return translatable(EXCLUSION_TEXTS[reason], **used)


def full_description(advocate: Advocate) -> tuple[TranslatableText, ...]:
    account = advocate.account
    if account is None:
        return (translatable("%(title)s", title=advocate.title or role(advocate)),)
    at = translatable(
        "%(title)s at %(company)s", title=advocate.title or role(advocate), company=account.name
    )
    return (at, *_place(account.city), *_years(account.customer_since))


def anonymous_parts(advocate: Advocate) -> tuple[TranslatableText, ...]:
    """Describe the role in common words, never the title, which can name a person or a company."""
    parts = [translatable("%(role)s", role=role(advocate))]
    if account := advocate.account:
        parts += [translatable("%(field)s", field=account.industry.lower())] if account.industry else []
        parts += (
            [translatable("%(band)s employees", band=size_band(account.employees))]
            if account.employees
            else []
        )
        parts += _years(account.customer_since)
    return tuple(parts)


def role(advocate: Advocate) -> LazyString:
    return LazyString(short_role, advocate.seniority, advocate.persona)


def language(code: str) -> LazyString:
    return LazyString(language_name, code)


def region(code: str) -> LazyString:
    return LazyString(filters.region, code)


def _place(city: str) -> tuple[TranslatableText, ...]:
    return (translatable("%(city)s", city=city),) if city else ()


def _years(since: date | None) -> tuple[TranslatableText, ...]:
    if since is None:
        return ()
    years = (utc_now().date() - since).days // 365
    if years < 1:
        return (translatable("new customer"),)
    return (
        translatable("customer for a year")
        if years == 1
        else translatable("customer for %(years)s years", years=years),
    )


def shared_hours(here: str, there: str, day: date) -> dict[str, str]:
    """Return the part of the working day both share, in both zones; {} when there is none or a zone is unknown."""
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
