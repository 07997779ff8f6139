"""What is written about a person is put right, by a manager or by the person: every change keeps from and to."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from sqlalchemy.orm import Session

from portal import history, outbox
from portal.accounts.models import Account
from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import Advocate, PreferencesChanged
from portal.advocates.person_name import sort_name, split_name
from tenants.models import Membership

FieldChanges = Mapping[str, list[Any]]  # name of a column -> from, to


@dataclass(frozen=True, kw_only=True)
class ProfileCorrection:
    """Everything a manager may correct, but the company and the address."""

    first_name: str
    last_name: str = ""
    title: str = ""
    seniority: str = ""
    persona: str = ""
    products: list[str] = field(default_factory=list)
    use_cases: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    time_zone: str = ""

    @classmethod
    def of(cls, advocate: Advocate) -> Self:
        return cls(**{name: getattr(advocate, name) for name in cls.__dataclass_fields__})


def correct(
    session: Session,
    advocate: Advocate,
    corrected: ProfileCorrection,
    account: Account | None,
    *,
    by: Membership,
) -> FieldChanges:
    changes = _differences(ProfileCorrection.of(advocate), corrected) | _company(advocate, account)
    if changes:
        _write(advocate, corrected, account)
        history.record(session, advocate, AdvocateAction.CORRECTED, by=by, changes=changes)
    if "company" in changes:
        outbox.publish(session, PreferencesChanged(advocate.id))  # another company, another budget
    return changes


def rename(session: Session, advocate: Advocate, name: str, title: str, *, by: Membership) -> FieldChanges:
    first, last = split_name(name)
    before = {"first_name": advocate.first_name, "last_name": advocate.last_name, "title": advocate.title}
    changes = {
        column: [before[column], value]
        for column, value in {"first_name": first, "last_name": last, "title": title}.items()
        if value != before[column]
    }
    if changes:
        advocate.first_name, advocate.last_name, advocate.title = first, last, title
        advocate.name_sort = sort_name(first, last)
        history.record(session, advocate, AdvocateAction.CORRECTED, by=by, changes=changes)
    return changes


def _differences(before: ProfileCorrection, after: ProfileCorrection) -> dict[str, list[Any]]:
    old, new = asdict(before), asdict(after)
    return {name: [old[name], new[name]] for name in new if new[name] != old[name]}


def _company(advocate: Advocate, account: Account | None) -> dict[str, list[Any]]:
    if account is None or account.id == advocate.account_id:
        return {}
    return {"company": [advocate.account.name if advocate.account else advocate.company, account.name]}


def _write(advocate: Advocate, corrected: ProfileCorrection, account: Account | None) -> None:
    for name, value in asdict(corrected).items():
        setattr(advocate, name, value)
    advocate.name_sort = sort_name(corrected.first_name, corrected.last_name)
    if account is not None:
        advocate.account_id = account.id
