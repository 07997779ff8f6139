"""Words of the pages about emails' texts."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.outreach.templates.models import TemplateOrigin, TemplateVersion

PART_LABELS = {
    "subject": _l("Subject"),
    "preheader": _l("Preview text"),
    "body": _l("Body"),
    "reason": _l("Reason for receiving it"),
}


ORIGINS = {
    TemplateOrigin.PRODUCT: _l("Default text"),
    TemplateOrigin.PERSON: _l("Edited"),
}


def origin_text(version: TemplateVersion) -> str:
    if version.restored_from:
        return _("Version %(number)s restored", number=version.restored_from)
    return str(ORIGINS[version.origin])


def kind_groups() -> list[tuple[str, list[EmailKind]]]:
    groups = {kind.group for kind in EMAIL_KINDS if kind.group}
    return [
        (_(group.label), [kind for kind in EMAIL_KINDS if kind.group is group])
        for group in sorted(groups, key=lambda group: group.position)
    ]


def send_trigger(kind: EmailKind) -> str:
    return _(kind.sent_when)
