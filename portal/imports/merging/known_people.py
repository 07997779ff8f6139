"""People who are known already, though not by the address in the file: by one from before, or by the id in the CRM.

A new address counts once the person has confirmed it, so an import only reports it.
"""
# ruff: noqa: S608 - only our own words are put into statements; values are bound

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.imports.line_reason_codes import LineReason
from portal.imports.merging.merge_sql import INSERT_RESULT, NEW_ID

SAME_NAME = (
    "lower(btrim(t.first_name || ' ' || t.last_name)) = lower(concat_ws(' ', i.first_name, i.last_name))"
)
UNKNOWN_ADDRESS = "NOT EXISTS (SELECT FROM advocates other WHERE other.email_norm = i.key)"


def known_by_id(source: str, selected: str) -> str:
    return f"""SELECT {selected}, min(t.email) AS known, min(t.email_norm) AS known_norm FROM {source} i
        JOIN advocates t ON t.external_id = i.external_id AND t.email_norm <> i.key AND {SAME_NAME}
        WHERE {UNKNOWN_ADDRESS}
        AND i.external_id IN (SELECT external_id FROM {source} GROUP BY 1 HAVING count(*) = 1)
        GROUP BY {selected} HAVING count(*) = 1"""


COUNT_KNOWN = f"""
    WITH lines AS (SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:ids AS text[]), CAST(:firsts AS text[]),
        CAST(:lasts AS text[])) AS line (key, external_id, first_name, last_name)),
    found AS (SELECT i.key FROM lines i JOIN address_changes c ON c.former_norm = i.key AND c.confirmed_at IS NOT NULL
        WHERE {UNKNOWN_ADDRESS} UNION SELECT key FROM ({known_by_id("lines", "i.key")}) AS by_id)
    SELECT count(*) FROM found"""
STATEMENTS = (
    # a CRM goes on naming the address somebody had before they confirmed another one
    f"""UPDATE incoming i SET key = a.email_norm, email = a.email, email_norm = a.email_norm
        FROM (SELECT DISTINCT ON (former_norm) former_norm, advocate_id FROM address_changes
              WHERE confirmed_at IS NOT NULL ORDER BY former_norm, confirmed_at DESC) c
        JOIN advocates a ON a.id = c.advocate_id
        WHERE c.former_norm = i.key AND {UNKNOWN_ADDRESS}""",
    f"CREATE TEMP TABLE moved ON COMMIT DROP AS {known_by_id('incoming', 'i.id, i.line, i.email')}",
    """UPDATE incoming i SET key = m.known_norm, email = m.known, email_norm = m.known_norm FROM moved m
        WHERE m.id = i.id""",
    f"""{INSERT_RESULT} {NEW_ID}, i.line, 'conflicting', 'email', i.email, i.known,
        '{LineReason.KNOWN_BY_OTHER_ADDRESS}', NULL, NULL, NULL, NULL FROM moved i""",
)


def count_known_by_other_address(session: Session, lines: Sequence[Mapping[str, str]]) -> int:
    names = {"keys": "email_norm", "ids": "external_id", "firsts": "first_name", "lasts": "last_name"}
    given = {name: [line[cell] or None for line in lines] for name, cell in names.items()}
    return int(session.execute(text(COUNT_KNOWN), given).scalar_one())
