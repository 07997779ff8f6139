"""One sign-in page per role of the demo, usable any number of times. Registered in the embedded demo alone."""

from flask import Blueprint, abort, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import any_, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, AdvocateState
from portal.asks.models import Ask, AskState
from portal.demo.people import PERSON_OF_ROLE, SLUG
from portal.signin import cookies, memberships, sessions
from portal.web.access import public
from portal.web.current import db
from tenants.database import enter_tenant
from tenants.models import Membership, Role, Tenant
from tenants.queries import tenant_by_slug

bp = Blueprint("demo_sign_in", __name__, url_prefix="/demo")


@bp.get("/sign-in/<role>")
@public
def show(role: str) -> ResponseReturnValue:
    workspace, person = _workspace_and_person(role)
    return render_template(
        "demo/sign_in.html", workspace=workspace, person=person, role=role, roles=list(Role)
    )


@bp.post("/sign-in/<role>")
@public
def sign_in(role: str) -> ResponseReturnValue:
    workspace, person = _workspace_and_person(role)
    home = f"/{workspace.slug}/my/asks" if role == Role.ADVOCATE else f"/{workspace.slug}/"
    token = sessions.begin(db, person.user_id, cookies.user_agent())
    return cookies.sign_in(make_response(redirect(home, 303)), token, person.email)


def _workspace_and_person(role: str) -> tuple[Tenant, Membership]:
    workspace = tenant_by_slug(db, SLUG)
    if workspace is None or role not in set(Role):
        abort(404)
    enter_tenant(db, workspace.id)
    person = person_for_role(db, Role(role))
    if person is None:
        abort(404)
    return workspace, person


def person_for_role(session: Session, role: Role) -> Membership | None:
    named = memberships.by_email(session, PERSON_OF_ROLE[role].email) if role in PERSON_OF_ROLE else None
    if named is not None and named.is_active:
        return named
    alive = (Membership.joined_at.is_not(None), Membership.ended_at.is_(None))
    busiest = select(Membership).where(*alive, any_(Membership.roles) == role.value)
    if role is Role.ADVOCATE:
        busiest = busiest.join(Advocate, Advocate.membership_id == Membership.id).where(
            Advocate.state == AdvocateState.ENROLLED
        )
        asked = select(Ask.id).where(Ask.advocate_id == Advocate.id, Ask.state == AskState.SENT).exists()
        most = (asked.desc(), Advocate.last_act_at.desc().nulls_last(), Membership.id)
        return session.scalar(busiest.order_by(*most).limit(1))
    return session.scalar(busiest.order_by(Membership.id).limit(1))
