"""Names of the states, outcomes and reasons of an import."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.badges import StatusBadge
from portal.email_address import ADDRESS_FAULTS, AddressFault
from portal.imports.history_actions import ImportAction
from portal.imports.models import (
    Import,
    ImportFailure,
    ImportKind,
    ImportState,
    LineOutcome,
    LineReason,
    TargetTable,
)
from portal.imports.parsing.quotation_marks import QuoteMode
from portal.web.filters import day_year
from portal.web.refusal_text import name_states

KINDS = {
    ImportKind.ACCOUNTS: _l("Companies"),
    ImportKind.PEOPLE: _l("People"),
    ImportKind.DEALS: _l("Deals"),
    ImportKind.USAGE: _l("Usage"),
    ImportKind.SUBSCRIPTIONS: _l("Subscriptions"),
}
STATES = {
    ImportState.READING: StatusBadge(_l("Reading"), "now", "loader"),
    ImportState.UNREADABLE: StatusBadge(_l("Can’t be read"), "bad", "alert-triangle"),
    ImportState.CHECKING: StatusBadge(_l("Checking"), "now", "loader"),
    ImportState.UPLOADED: StatusBadge(_l("Needs your input"), "now", "arrow-right"),
    ImportState.QUEUED: StatusBadge(_l("Queued"), "", "clock"),
    ImportState.STAGING: StatusBadge(_l("Reading"), "now", "loader"),
    ImportState.MERGING: StatusBadge(_l("Importing"), "now", "loader"),
    ImportState.DONE: StatusBadge(_l("Done"), "", "circle-check"),
    ImportState.FAILED: StatusBadge(_l("Failed"), "bad", "alert-triangle"),
    ImportState.UNDOING: StatusBadge(_l("Undoing"), "now", "loader"),
    ImportState.UNDONE: StatusBadge(_l("Undone"), "", "arrow-back-up"),
}
name_states(STATES)
OUTCOMES = {
    LineOutcome.CREATED: _l("New"),
    LineOutcome.UPDATED: _l("Updated"),
    LineOutcome.UNCHANGED: _l("Unchanged"),
    LineOutcome.COMPANY_CREATED: _l("New companies"),
    LineOutcome.COMPANY_UPDATED: _l("Updated companies"),
    LineOutcome.DETAIL_ADDED: _l("New tags and fields"),
    LineOutcome.DETAIL_CHANGED: _l("Updated fields"),
    LineOutcome.CONFLICTING: _l("Conflicting values"),
    LineOutcome.REFUSED: _l("Rejected"),
    LineOutcome.LEFT_OUT: _l("Values left out"),
    LineOutcome.SKIPPED: _l("Not part of the table"),
    LineOutcome.SUPPRESSED: _l("Opted out"),
    LineOutcome.KEPT: _l("Kept"),
}
OUTCOME_HINTS = {
    LineOutcome.CREATED: _l("These are new."),
    LineOutcome.UPDATED: _l(
        "These already existed, and the file has newer information. Empty cells changed nothing."
    ),
    LineOutcome.UNCHANGED: _l("The file has nothing new about these."),
    LineOutcome.COMPANY_CREATED: _l(
        "New companies from the people in this file, listed by the first row that names them."
    ),
    LineOutcome.COMPANY_UPDATED: _l("Companies for which the file has newer information."),
    LineOutcome.DETAIL_ADDED: _l("Tags and values of custom fields that weren’t there before."),
    LineOutcome.DETAIL_CHANGED: _l("Custom fields for which the file has another value."),
    LineOutcome.CONFLICTING: _l(
        "These values contradict an earlier row or existing data, so they were ignored."
    ),
    LineOutcome.REFUSED: _l("These rows weren’t imported. Fix them in your CRM and import the file again."),
    LineOutcome.LEFT_OUT: _l("The row was imported without this value."),
    LineOutcome.SKIPPED: _l("Totals and notes at the end of a report, and empty rows."),
    LineOutcome.SUPPRESSED: _l(
        "The file says these people opted out, so they’re suppressed. They were still imported. Undo keeps "
        "them suppressed, unless you tell it that the file was wrong."
    ),
    LineOutcome.KEPT: _l("Undo left these unchanged."),
}
TARGET_NAMES = {
    TargetTable.ACCOUNTS: _l("Company"),
    TargetTable.ADVOCATES: _l("Person"),
    TargetTable.DEALS: _l("Deal"),
    TargetTable.ACCOUNT_TAGS: _l("Tag"),
    TargetTable.ADVOCATE_TAGS: _l("Tag"),
    TargetTable.CUSTOM_FIELD_VALUES: _l("Custom field"),
    TargetTable.USAGE: _l("Account"),
    TargetTable.SUBSCRIPTIONS: _l("Account"),
}
QUOTE_MODES = {
    QuoteMode.UNDECIDED: _l("Decide by the file"),
    QuoteMode.LITERAL: _l("Treat as ordinary characters"),
    QuoteMode.CELLS: _l("Treat as cells with line breaks"),
}
LINE_REASONS: Mapping[LineReason, str | LazyString] = {
    LineReason.EARLIER: "%(text)s",
    LineReason.VALUE_MISSING: _l("This value is required."),
    LineReason.VALUE_TOO_LONG: _l("This is longer than 1,000 characters."),
    LineReason.NOT_DECODED: _l("Some of these characters can’t be read in the encoding of this file."),
    LineReason.NOT_AN_ADDRESS: _l(ADDRESS_FAULTS[AddressFault.NOT_AN_ADDRESS]),
    LineReason.UNDELIVERABLE_DOMAIN: _l(ADDRESS_FAULTS[AddressFault.UNDELIVERABLE_DOMAIN]),
    LineReason.MIXED_ALPHABETS: _l(ADDRESS_FAULTS[AddressFault.MIXED_ALPHABETS]),
    LineReason.SEVERAL_ADDRESSES: _l("More than one address. Give each person their own row."),
    LineReason.SHORTENED_ID: _l(
        "A spreadsheet shortened this ID, so it no longer identifies anyone. Export it as text."
    ),
    LineReason.NOT_A_DATE: _l("We can’t read this date."),
    LineReason.NOT_A_NUMBER: _l("We can’t read this number."),
    LineReason.NOT_A_SCORE: _l("An NPS score is a whole number from 0 to 10."),
    LineReason.NOT_A_HEALTH: _l("Health must be green, yellow, red or unknown."),
    LineReason.NOT_A_RELATIONSHIP: _l(
        "A relationship is customer, reseller, agency, competitor, government, own or unknown."
    ),
    LineReason.NOT_A_CHOICE: _l("This isn’t one of the choices of this field."),
    LineReason.FIELD_TOO_LONG: _l("This is longer than 500 characters."),
    LineReason.TOO_MANY_TAGS: _l("A row can have up to 20 tags of up to 60 characters each."),
    LineReason.NOT_A_CURRENCY: _l("A currency is a three-letter code, such as USD."),
    LineReason.NOT_A_TIME_ZONE: _l("A time zone looks like Europe/Berlin."),
    LineReason.UNREADABLE_CURRENCY: _l("The currency of this amount can’t be read."),
    LineReason.OTHER_CURRENCY: _l("The amount names one currency and its currency column another."),
    LineReason.EMPTY_ROW: _l("Empty row."),
    LineReason.REPORT_FOOTER: _l("Part of the report’s footer, not of the table."),
    LineReason.TOO_MANY_CELLS: _l(
        "This row has more cells than the header. A quotation mark is probably missing."
    ),
    LineReason.BEHIND_QUOTATION_MARK: _l(
        "A quotation mark that opens here or above spans several rows. The check page asks about it."
    ),
    LineReason.REPEATED: _l("Repeats an earlier row."),
    LineReason.CONFLICTING_VALUE: _l("An earlier row has a different value, which was kept."),
    LineReason.ID_OF_OTHER_COMPANY: _l(
        "This ID belongs to a company with another name, so nothing was merged."
    ),
    LineReason.KNOWN_BY_OTHER_ADDRESS: _l(
        "This ID and name belong to someone with a different address. That address was kept."
    ),
    LineReason.SAME_NAME_OTHER_DATE: _l(
        "An earlier row has a deal with this name and a different close date. Only IDs can tell them apart."
    ),
    LineReason.RETIRED_TAG: _l("This tag is retired. Bring it back in the settings to use it."),
    LineReason.UNKNOWN_ACCOUNT: _l("There’s no account with this ID or name. Import your companies first."),
    LineReason.ROLLED_UP: _l("Counted together with the other days of this month."),
    LineReason.ENDS_BEFORE_IT_STARTS: _l("This ends before it starts."),
    LineReason.OVERLAPPING_SUBSCRIPTION: _l("Another subscription of this account covers part of this time."),
    LineReason.OPTED_OUT_OF_EMAILS: _l("No invitations and no program emails from now on."),
    LineReason.NOT_OPTED_IN: _l("Hasn’t agreed, so no invitations and no program emails from now on."),
    LineReason.OPTED_OUT_OF_CALLS: _l("No calls from now on."),
    LineReason.OPTED_OUT_OF_CONTACT: _l("No invitations, no program emails and no calls from now on."),
    LineReason.OPTED_OUT_OF_EVENTS: _l("No emails about events from now on."),
    LineReason.OPTED_OUT_OF_NEWS: _l("No news from now on."),
    LineReason.OPTED_OUT_OF_REVIEWS: _l("No emails about reviews from now on."),
    LineReason.BOUNCED: _l("No emails from now on: the address doesn’t work."),
    LineReason.UNCLEAR_OPT_OUT: _l("We can’t read this value, so it’s treated as opted out."),
    LineReason.COLLEAGUE: _l("Works at your company, so nothing was changed."),
    LineReason.EDITED_SINCE: _l("Edited since"),
    LineReason.CONTACTED_SINCE: _l("Contacted since"),
    LineReason.USED_ELSEWHERE: _l("Used elsewhere"),
}
AGREED_SINCE = _l("Gave consent here on %(day)s, but the file still says opted out, so they stay suppressed.")
FAILURES: Mapping[ImportFailure, str | LazyString] = {
    ImportFailure.EARLIER: "%(text)s",
    ImportFailure.FILE_DELETED: _l("The file of this import was deleted."),
    ImportFailure.FILE_TOO_LARGE: _l(
        "This file is larger than %(most)s MB. Export it in parts, or without the columns you don’t need."
    ),
    ImportFailure.EMPTY_FILE: _l("This file is empty. Export the report again and check that it has rows."),
    ImportFailure.PICTURE: _l("This is a picture, not a table. Choose a CSV or Excel file."),
    ImportFailure.NOT_A_TABLE: _l("This isn’t a table. Choose a CSV or Excel file."),
    ImportFailure.NO_TABLE_FOUND: _l("We found no table in this file: no row has at least two column names."),
    ImportFailure.NO_ROWS: _l(
        "There’s a header but no rows below it. Export the report again and check that it has rows."
    ),
    ImportFailure.TOO_MANY_COLUMNS: _l(
        "This table has %(count)s columns; we read up to %(most)s. Leave out the ones you don’t need."
    ),
    ImportFailure.NUL_BYTES: _l(
        "This file contains NUL bytes, so it’s damaged or not a text file. Save it as CSV (UTF-8) and try again."
    ),
    ImportFailure.NUL_BYTES_IN_TEXT: _l(
        "This file has NUL bytes in its text, the first in line %(line)s, so it’s damaged. Export it again, or save "
        "it as CSV (UTF-8), and try again."
    ),
    ImportFailure.LINE_TOO_LONG: _l(
        "Line %(line)s is longer than two million characters. Either this isn’t a table, or a quotation mark before "
        "it never closes. Fix the file and upload it again."
    ),
    ImportFailure.NO_TABLE_INSIDE: _l(
        "This looks like a workbook, but there’s no table inside. If it’s a ZIP file, unpack it and upload the file "
        "inside."
    ),
    ImportFailure.PASSWORD: _l(
        "This workbook is protected by a password. Remove the password, or save the sheet as CSV, and try again."
    ),
    ImportFailure.EMPTY_WORKBOOK: _l(
        "This workbook is empty. Export the report again and check that it has rows."
    ),
    ImportFailure.UNPACKED_TOO_LARGE: _l(
        "This workbook is larger than %(most)s MB once it’s unpacked. Save the sheet you need as CSV and upload that."
    ),
    ImportFailure.TOO_MANY_SHEETS: _l(
        "This workbook has more than %(most)s sheets. Save the sheet you need as CSV and upload that."
    ),
    ImportFailure.SHEET_DAMAGED: _l(
        "The sheet “%(sheet)s” of this workbook is damaged. Open the file, save it again and upload that."
    ),
    ImportFailure.SHEET_TOO_LARGE: _l(
        "The sheet “%(sheet)s” has %(rows)s rows and %(columns)s columns, more than we read. Save the rows and "
        "columns you need as CSV and upload that."
    ),
    ImportFailure.ROW_TOO_LONG: _l(
        "Row %(row)s has more than a million characters. Remove the long text and upload the file again."
    ),
    ImportFailure.READING_TOO_SLOW: _l(
        "Reading this workbook took too long (more than %(seconds)s seconds), so we stopped. Save the sheet you need "
        "as CSV and upload that."
    ),
    ImportFailure.READING_TOO_BIG: _l(
        "This workbook can’t be read: it needs more memory than we allow for one file, or it’s damaged. There may be "
        "a value in a cell far down or far to the right. Save the sheet you need as CSV and upload that."
    ),
    ImportFailure.GAVE_UP: _l(
        "It failed five times, and nothing was imported. Please contact us with the name of the file."
    ),
    ImportFailure.UNDO_GAVE_UP: _l(
        "Undoing it failed five times, so nothing was changed. Please contact us with the name of the file."
    ),
}
HISTORY_ACTIONS = {
    ImportAction.UPLOADED: _l("File uploaded"),
    ImportAction.REMOVED: _l("File removed"),
    ImportAction.STARTED: _l("Import started"),
    ImportAction.UNDO_STARTED: _l("Undo started"),
    ImportAction.UNDONE: _l("Import undone"),
}


def kind_label(this: Import) -> str:
    return "" if this.state in {ImportState.READING, ImportState.UNREADABLE} else str(KINDS[this.kind])


def reason_text(reason: LineReason, params: Mapping[str, Any] | None) -> str:
    given = params or {}
    words = str(LINE_REASONS[reason]) % given
    if "agreed_on" not in given:
        return words
    agreed_on = day_year(date.fromisoformat(given["agreed_on"]))
    return f"{str(AGREED_SINCE) % {'day': agreed_on}} {words}"


def failure_text(failure: ImportFailure, params: Mapping[str, Any]) -> str:
    return str(FAILURES[failure]) % params


def status_text(this: Import) -> str:
    """Tell why it failed, or could not be undone or read as chosen; empty where there is nothing to say."""
    return failure_text(this.failure, this.failure_params) if this.failure else ""
