"""Words of the pages about emails' texts."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind

PART_LABELS = {
    "subject": _l("Subject"),
    "preheader": _l("Preview text"),
    "body": _l("Body"),
    "reason": _l("Reason for receiving it"),
}


def kind_groups() -> list[tuple[str, list[EmailKind]]]:
    groups = {kind.group for kind in EMAIL_KINDS if kind.group}
    return [
        (_(group.label), [kind for kind in EMAIL_KINDS if kind.group is group])
        for group in sorted(groups, key=lambda group: group.position)
    ]


def send_trigger(kind: EmailKind) -> str:
    return _(kind.sent_when)
