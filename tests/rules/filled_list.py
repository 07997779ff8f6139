"""What a manager of a filled workspace left in its lists: a saved view, and people whom they are about to invite."""

from portal.advocates.models import Advocate
from portal.lists.models import BulkAction, BulkActionRow, SavedView
from tenants.base import TenantOwned
from tenants.models import Membership
from tests.rules.filled_people import new


def listed(mark: str, ada: Advocate, manager: Membership) -> list[TenantOwned]:
    action = new(
        BulkAction,
        list_name="advocates",
        act_name="pause",
        arguments={"q": mark},
        reason=mark,
        by_id=manager.id,
    )
    view = new(SavedView, list_name="advocates", name=mark, arguments={"q": mark}, by_id=manager.id)
    return [view, action, new(BulkActionRow, bulk_action_id=action.id, row_id=ada.id)]
