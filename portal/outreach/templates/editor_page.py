"""What the pages of emails' texts share: the email an address names, and the page it is edited on."""

from typing import Any
from uuid import UUID

from flask import render_template, request

from portal.advocates.labels import PURPOSES
from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.errors import NotFound
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.labels import kind_names
from portal.outreach.templates import labels, preview, queries
from portal.outreach.templates.common_fields import merge_fields_of
from portal.outreach.templates.forms import TemplateForm
from portal.outreach.templates.queries import CurrentTemplate
from portal.outreach.templates.rendering import TemplateSet
from portal.web.current import db, member, tenant


def kind_of(name: str) -> EmailKind:
    found = EMAIL_KINDS.find(name)
    if found is None:
        raise NotFound("We couldn’t find this email.")
    return found


def current_of(kind: str, template_id: UUID | None) -> CurrentTemplate:
    if template_id is not None:
        return queries.current_own_template(db, template_id)
    if kind == OWN_EMAIL.name:
        raise NotFound("We couldn’t find this email.")
    return queries.current_template(db, kind_of(kind))


def route_args(current: CurrentTemplate) -> dict[str, Any]:
    return {"template_id": current.template.id} if current.template else {"kind": current.kind.name}


def template_set() -> TemplateSet:
    return TemplateSet(tenant, request.url_root)


def has_problems(kind: EmailKind, form: TemplateForm) -> bool:
    is_good = form.validate_on_submit()
    found = preview.preview_problems(template_set(), kind, form.content(), member)
    form.add_problems(found)
    return bool(found) or not is_good


def editor_page(current: CurrentTemplate, form: TemplateForm, page: str = "edit", **more: Any) -> str:
    recipients = preview.suggested_recipients(db, current.kind, member)
    return render_template(
        f"outreach/templates/{page}.html",
        current=current,
        route_args=route_args(current),
        form=form,
        fields=merge_fields_of(current.kind).values(),
        needs=current.kind.required_links,
        recipient=request.form.get("reader") or recipients[0].label,
        recipients=recipients,
        is_for_staff=current.kind.is_to_members,
        is_removable=current.template is not None
        and not queries.is_used_by_sequence(db, current.template.id),
        kinds=kind_names(),
        purposes=PURPOSES,
        labels=labels,
        **more,
    )
