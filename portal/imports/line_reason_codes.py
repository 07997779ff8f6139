"""Why a row of a file, or one of its values, did not come in as written: a code; `labels.py` puts it into words."""

from enum import StrEnum


class LineReason(StrEnum):
    EARLIER = "earlier"  # in words, from before there were codes
    # a value
    VALUE_MISSING = "value_missing"
    VALUE_TOO_LONG = "value_too_long"
    NOT_DECODED = "not_decoded"
    NOT_AN_ADDRESS = "not_an_address"
    UNDELIVERABLE_DOMAIN = "undeliverable_domain"
    MIXED_ALPHABETS = "mixed_alphabets"
    SEVERAL_ADDRESSES = "several_addresses"
    SHORTENED_ID = "shortened_id"
    NOT_A_DATE = "not_a_date"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_SCORE = "not_a_score"
    NOT_A_HEALTH = "not_a_health"
    NOT_A_RELATIONSHIP = "not_a_relationship"
    NOT_A_CHOICE = "not_a_choice"
    FIELD_TOO_LONG = "field_too_long"
    TOO_MANY_TAGS = "too_many_tags"
    NOT_A_CURRENCY = "not_a_currency"
    NOT_A_TIME_ZONE = "not_a_time_zone"
    UNREADABLE_CURRENCY = "unreadable_currency"
    OTHER_CURRENCY = "other_currency"
    # a row
    EMPTY_ROW = "empty_row"
    REPORT_FOOTER = "report_footer"
    TOO_MANY_CELLS = "too_many_cells"
    BEHIND_QUOTATION_MARK = "behind_quotation_mark"
    # beside other rows and what is known
    REPEATED = "repeated"
    CONFLICTING_VALUE = "conflicting_value"
    ID_OF_OTHER_COMPANY = "id_of_other_company"
    KNOWN_BY_OTHER_ADDRESS = "known_by_other_address"
    SAME_NAME_OTHER_DATE = "same_name_other_date"
    RETIRED_TAG = "retired_tag"
    UNKNOWN_ACCOUNT = "unknown_account"
    ROLLED_UP = "rolled_up"
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    OVERLAPPING_SUBSCRIPTION = "overlapping_subscription"
    # opted out, by what the column ends
    OPTED_OUT_OF_EMAILS = "opted_out_of_emails"
    NOT_OPTED_IN = "not_opted_in"
    OPTED_OUT_OF_CALLS = "opted_out_of_calls"
    OPTED_OUT_OF_CONTACT = "opted_out_of_contact"
    OPTED_OUT_OF_EVENTS = "opted_out_of_events"
    OPTED_OUT_OF_NEWS = "opted_out_of_news"
    OPTED_OUT_OF_REVIEWS = "opted_out_of_reviews"
    BOUNCED = "bounced"
    UNCLEAR_OPT_OUT = "unclear_opt_out"
    COLLEAGUE = "colleague"
    # why undo left a record alone
    EDITED_SINCE = "edited_since"
    CONTACTED_SINCE = "contacted_since"
    USED_ELSEWHERE = "used_elsewhere"
