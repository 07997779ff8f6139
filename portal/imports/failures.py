"""Why a file was not imported, undone or read as chosen: a code in the import's row; `labels.py` puts it into words."""

from enum import StrEnum


class ImportFailure(StrEnum):
    EARLIER = "earlier"  # in words, from before there were codes
    # any file
    FILE_DELETED = "file_deleted"
    FILE_TOO_LARGE = "file_too_large"
    EMPTY_FILE = "empty_file"
    PICTURE = "picture"
    NOT_A_TABLE = "not_a_table"
    NO_TABLE_FOUND = "no_table_found"
    NO_ROWS = "no_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    # a text
    NUL_BYTES = "nul_bytes"
    NUL_BYTES_IN_TEXT = "nul_bytes_in_text"
    LINE_TOO_LONG = "line_too_long"
    # a workbook
    NO_TABLE_INSIDE = "no_table_inside"
    PASSWORD = "password"  # noqa: S105 - the workbook has one
    EMPTY_WORKBOOK = "empty_workbook"
    UNPACKED_TOO_LARGE = "unpacked_too_large"
    TOO_MANY_SHEETS = "too_many_sheets"
    SHEET_DAMAGED = "sheet_damaged"
    SHEET_TOO_LARGE = "sheet_too_large"
    ROW_TOO_LONG = "row_too_long"
    READING_TOO_SLOW = "reading_too_slow"
    READING_TOO_BIG = "reading_too_big"
    # workers
    GAVE_UP = "gave_up"
    UNDO_GAVE_UP = "undo_gave_up"
