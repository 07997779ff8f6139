"""What a filled workspace adds to what is known of its companies and people: tags, fields of its own, free days."""

from datetime import date

from portal.accounts.models import Account, AccountUsage, Subscription
from portal.advocates.ask_kinds import AskKind
from portal.advocates.availability_models import AdvocateAvailability
from portal.advocates.models import Advocate
from portal.custom_fields.models import CustomField, CustomFieldType, CustomFieldValue, FieldSubject
from portal.tags.models import BY_HAND, AccountTag, AdvocateTag, Tag
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership
from tests.rules.filled_people import new


def described(mark: str, account: Account, ada: Advocate, manager: Membership) -> list[TenantOwned]:
    stated = {"statement": mark, "stated_by_id": manager.id, "stated_at": utc_now()}
    tag = new(Tag, name=mark, name_norm=mark, filled_by=[BY_HAND], **stated)
    field = new(
        CustomField,
        about=FieldSubject.ACCOUNT,
        name=mark,
        name_norm=mark,
        type=CustomFieldType.TEXT,
        **stated,
    )
    return [
        tag,
        new(AccountTag, account_id=account.id, tag_id=tag.id, by_id=manager.id),
        new(AdvocateTag, advocate_id=ada.id, tag_id=tag.id, by_id=manager.id),
        field,
        new(CustomFieldValue, field_id=field.id, account_id=account.id, text_value=mark),
        new(AccountUsage, account_id=account.id, month=date(2026, 9, 1), features=[mark], is_latest=True),
        new(Subscription, account_id=account.id, starts_on=date(2026, 1, 1), arr_cents=1, reason=mark),
        new(
            AdvocateAvailability,
            advocate_id=ada.id,
            kind=AskKind.QUOTE,
            available_from=utc_now().date(),
        ),
    ]
