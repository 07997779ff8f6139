"""What the list of people is sorted by, where it is more than one stored column."""

from datetime import date

from sqlalchemy import func, literal

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.declarations.lists import SortPart

# No index has it: each ask writes the day anew, and would write all indexes of the person with it.
AVAILABLE_FROM = func.coalesce(Advocate.available_from, date(1, 1, 1))
COMPANY = func.coalesce(Account.name_norm, Advocate.company_sort)
REGION = func.coalesce(Account.region, "")
HAS_ACCOUNT, HAS_NONE = Account.id.is_not(None), Advocate.account_id.is_(None)
BY_COMPANY = (SortPart(HAS_ACCOUNT, (Account.name_norm,)), SortPart(HAS_NONE, (Advocate.company_sort,)))
BY_REGION = (
    SortPart(HAS_ACCOUNT, (Account.region, Account.name_norm)),
    SortPart(HAS_NONE, (literal(""), Advocate.company_sort)),
)
