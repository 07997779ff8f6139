"""Words for what a provider tells of an email."""

from flask_babel import lazy_gettext as _l

from portal.outreach.delivery_events.models import DeliveryEventType
from portal.web.badges import StatusBadge

EVENT_TYPES = {
    DeliveryEventType.PROCESSED: StatusBadge(_l("SendGrid passed it on"), "", "send"),
    DeliveryEventType.DEFERRED: StatusBadge(_l("The recipient’s server asked to wait"), "", "hourglass"),
    DeliveryEventType.DELIVERED: StatusBadge(_l("Delivered"), "good", "checks"),
    DeliveryEventType.DROPPED: StatusBadge(_l("The provider did not send it"), "bad", "ban"),
    DeliveryEventType.BOUNCED: StatusBadge(_l("Came back"), "bad", "mail-x"),
    DeliveryEventType.BLOCKED: StatusBadge(_l("Turned away this once"), "warn", "ban"),
    DeliveryEventType.COMPLAINED: StatusBadge(_l("Marked as spam by the reader"), "bad", "mail-exclamation"),
    DeliveryEventType.UNSUBSCRIBED: StatusBadge(_l("The reader unsubscribed"), "", "mail-off"),
    DeliveryEventType.OPENED: StatusBadge(_l("Opened by the reader"), "good", "eye"),
    DeliveryEventType.CLICKED: StatusBadge(_l("The reader followed a link"), "good", "click"),
}
