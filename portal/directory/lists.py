"""The lists of people, companies and deals."""

from portal.directory.account_list import ACCOUNTS
from portal.directory.advocate_list import ADVOCATES
from portal.directory.deal_list import DEALS

LISTS = (ADVOCATES, ACCOUNTS, DEALS)
