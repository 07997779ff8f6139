"""What people call the roles."""

from portal.i18n import mark
from tenants.models import Role

ROLE_LABELS = {
    Role.ADVOCATE: mark("Advocate"),
    Role.REP: mark("Sales rep"),
    Role.MANAGER: mark("Program manager"),
    Role.ADMIN: mark("Admin"),
    Role.OWNER: mark("Account owner"),
}
