"""What is coming up for an advocate, over all programs: calls, events."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from portal.asks import queries as ledger
from portal.declarations.home import ComingUp
from portal.declarations.programs import PROGRAMS
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import Role

bp = Blueprint("coming_up", __name__, url_prefix="/<workspace>/my")


@bp.get("/coming-up")
@allow(Role.ADVOCATE)
def show() -> ResponseReturnValue:
    """What was agreed to is seen through, so a program that is off shows its part, too."""
    advocate = ledger.advocate_of(db, member)
    shares = [share for one in PROGRAMS if one.coming_up and (share := one.coming_up(db, advocate))]
    return render_template("home/coming_up.html", shares=shares, title=_title(shares), ahead=_ahead(shares))


def _title(shares: list[ComingUp]) -> str:
    """A program's own words, where it is the only one that has something ahead."""
    with_times = [share for share in shares if share.ahead] or shares
    if len(with_times) == 1:
        return with_times[0].title
    return ngettext("One date is coming up", "%(num)d dates are coming up", _ahead(shares)) if shares else ""


def _ahead(shares: list[ComingUp]) -> int:
    return sum(share.ahead for share in shares)
