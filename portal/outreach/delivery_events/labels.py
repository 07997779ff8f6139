"""Words for what a provider reports about an email."""

from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.outreach.delivery_events.models import DeliveryEventType

EVENT_TYPES = {
    DeliveryEventType.PROCESSED: StatusBadge(_l("Processed by SendGrid"), "", "send"),
    DeliveryEventType.DEFERRED: StatusBadge(_l("Deferred by the recipient’s server"), "", "hourglass"),
    DeliveryEventType.DELIVERED: StatusBadge(_l("Delivered"), "good", "checks"),
    DeliveryEventType.DROPPED: StatusBadge(_l("Not sent by the provider"), "bad", "ban"),
    DeliveryEventType.BOUNCED: StatusBadge(_l("Bounced"), "bad", "mail-x"),
    DeliveryEventType.BLOCKED: StatusBadge(_l("Rejected this time"), "warn", "ban"),
    DeliveryEventType.COMPLAINED: StatusBadge(
        _l("Marked as spam by the recipient"), "bad", "mail-exclamation"
    ),
    DeliveryEventType.UNSUBSCRIBED: StatusBadge(_l("The recipient unsubscribed"), "", "mail-off"),
    DeliveryEventType.OPENED: StatusBadge(_l("Opened by the recipient"), "good", "eye"),
    DeliveryEventType.CLICKED: StatusBadge(_l("The recipient clicked a link"), "good", "click"),
}
