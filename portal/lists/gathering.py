"""Finds the rows of a bulk action where they are very many, and who of them is left out, before its preview is shown.

Batch by batch: killed at any moment, the next delivery of the message goes on with the rows that are left.
"""

from sqlalchemy.orm import Session

from portal.declarations import origins
from portal.declarations.attributes import Origin
from portal.declarations.lists import LISTS, ListReader
from portal.lifecycle import move
from portal.lists import bulk_queries, queries
from portal.lists.actions import add_rows, impossible, leave_out, leave_rest_out, options_of
from portal.lists.list_choice import ListChoice
from portal.lists.models import BulkAction, BulkActionGathered, BulkActionMove, BulkActionState
from portal.lists.origins import origin_of
from portal.outbox import publish
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import Membership

BATCH = 1000  # rows that are looked at in one transaction


def gather(session: Session, message: BulkActionGathered) -> None:
    """First all rows are written down, then a batch of them is looked at with each delivery."""
    action = bulk_queries.lock(session, message.bulk_action_id)
    if action.state is not BulkActionState.GATHERING:
        return
    by = session.get_one(Membership, (tenant_of(session), action.by_id))
    if reason := impossible(session, action, by):
        leave_rest_out(session, action, reason)
    elif not bulk_queries.has_rows(session, action):
        _find(session, action, by)
        publish(session, message)
    elif not _look_at_some(session, action, by):
        move(session, action, BulkActionMove.SHOW)
    else:
        publish(session, message)


def _find(session: Session, action: BulkAction, by: Membership) -> None:
    """What the list finds for whoever chose all of it; nothing by now, and there is nothing to look at."""
    choice = ListChoice.of(LISTS.get(action.list_name), action.arguments)
    reader = ListReader(session, by, utc_now())
    add_rows(session, action, queries.acted_ids(choice, reader))
    _inherit(action, origin_of(choice, reader, is_picked=False))
    if not bulk_queries.has_rows(session, action):
        move(session, action, BulkActionMove.SHOW)


def _inherit(action: BulkAction, origin: Origin) -> None:
    """A segment or a tag of the choice may have been filled anew since the action was prepared."""
    action.origin = origins.to_json(origins.joined([origins.of_json(action.origin), origin]))


def _look_at_some(session: Session, action: BulkAction, by: Membership) -> bool:
    """Whether any were left."""
    ids = bulk_queries.next_to_look_at(session, action, BATCH)
    if ids:
        refused = bulk_queries.act_of(action).refusals(session, ids, options_of(action, by))
        leave_out(session, action, refused)
        action.gathered_to = ids[-1]
    return bool(ids)
