"""The lists of people, companies, deals and segments."""

from portal.directory.account_list import ACCOUNTS
from portal.directory.advocate_list import ADVOCATES
from portal.directory.deal_list import DEALS
from portal.directory.segment_list import SEGMENTS

LISTS = (ADVOCATES, ACCOUNTS, DEALS, SEGMENTS)
