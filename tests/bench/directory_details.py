"""Deals, tags and fields beside the people of `tests/bench/directory.py`, written over the wall of its server."""

from uuid import UUID

import psycopg

DEALS = """
    INSERT INTO deals (tenant_id, id, name, name_norm, prospect, prospect_norm, search_text, stage, amount_cents,
        currency, close_on, product, rep_email_norm, rep_email, external_id, industry, region, competitor, version,
        created_at)
    SELECT tenant_id, gen_random_uuid(), 'Deal ' || n, 'deal ' || n, name, name_norm, search_text || ' deal ' || n,
        (array['Qualified', 'Proposal', 'Won', 'Lost'])[1 + n %% 4], CASE WHEN n %% 5 > 0 THEN n * 7 %% 9999 * 100 END,
        'EUR', CASE WHEN n %% 6 > 0 THEN date '2026-01-01' + (n %% 500)::integer END,
        (array['Ledger', 'Flow', 'Vault', ''])[1 + n %% 4], 'rep' || n %% 40 || '@acme.example',
        'rep' || n %% 40 || '@acme.example', '', industry, region, '', 1, now()
    FROM (SELECT *, row_number() OVER (ORDER BY id) n FROM accounts WHERE tenant_id = %(tenant)s) a"""
TAGS = """
    INSERT INTO tags (tenant_id, id, name, name_norm, filled_by, statement, version, created_at)
    SELECT %(tenant)s, gen_random_uuid(), name, lower(name), '{by_hand}', '', 1, now()
    FROM unnest(array['Speaker', 'Vip']) name"""
TAGGED = """
    INSERT INTO {subject}_tags (tenant_id, id, {subject}_id, tag_id, version, created_at)
    SELECT s.tenant_id, gen_random_uuid(), s.id, t.id, 1, now()
    FROM {subject}s s JOIN tags t ON t.tenant_id = s.tenant_id
    WHERE s.tenant_id = %(tenant)s AND uuid_hash_extended(s.id, 1) %% CASE t.name WHEN 'Vip' THEN 200 ELSE 4 END = 0"""
FIELDS = """
    INSERT INTO custom_fields (tenant_id, id, about, name, name_norm, type, choices, statement, version, created_at)
    SELECT %(tenant)s, gen_random_uuid(), about, name, lower(name), type, choices::text[], '', 1, now()
    FROM unnest(array['account', 'person']) about, (VALUES ('Tier', 'choice', '{One,Two,Three}'),
        ('Score', 'number', '{}'), ('Briefed', 'date', '{}'), ('Notes', 'text', '{}')) f (name, type, choices)"""
VALUES = """
    INSERT INTO custom_field_values (tenant_id, id, field_id, {subject}_id, text_value, number_value, date_value,
        version, created_at)
    SELECT s.tenant_id, gen_random_uuid(), f.id, s.id,
        CASE f.type
            WHEN 'choice' THEN (array['One', 'Two', 'Two', 'Three', 'Three', 'Three'])[1 + chance %% 6]
            WHEN 'text' THEN CASE chance %% 200 WHEN 0 THEN 'Knows the treasurer' ELSE 'Speaks often' END END,
        CASE f.type WHEN 'number' THEN chance %% 5000 END,
        CASE f.type WHEN 'date' THEN date '2026-01-01' + (chance %% 500)::integer END, 1, now()
    FROM {subject}s s JOIN custom_fields f ON f.tenant_id = s.tenant_id AND f.about = '{about}',
        abs(uuid_hash_extended(s.id, 2)) chance
    WHERE s.tenant_id = %(tenant)s AND uuid_hash_extended(s.id, 3) %% 2 = 0"""
ABOUT = {"account": "account", "advocate": "person"}  # table -> what a field of it is about


def write_details(connection: psycopg.Connection, tenant_id: UUID) -> None:
    """A deal for each company; two tags, one of them rare; a field of each type, one with three choices."""
    of_each = [each.format(subject=one, about=ABOUT[one]) for one in ABOUT for each in (TAGGED, VALUES)]
    for statement in (DEALS, TAGS, FIELDS, *of_each):
        connection.execute(statement.encode(), {"tenant": tenant_id})
