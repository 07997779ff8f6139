"""The menus: what every workspace has, with the entries of the programs it uses."""

from operator import attrgetter

from portal.declarations.pages import MenuEntry
from portal.declarations.program_switches import programs_on
from portal.i18n import mark
from portal.web.access import can_open
from portal.web.current import db

MEMBER_ENTRIES = (
    MenuEntry(key="home", icon="home", label=mark("Home"), endpoint="home.show", position=10),
    MenuEntry(
        key="advocates", icon="users", label=mark("Advocates"), endpoint="directory.index", position=30
    ),
    MenuEntry(
        key="accounts", icon="building", label=mark("Accounts"), endpoint="accounts.index", position=40
    ),
    MenuEntry(key="deals", icon="briefcase", label=mark("Deals"), endpoint="deals.index", position=50),
    MenuEntry(
        key="nominations",
        icon="user-plus",
        label=mark("Nominations"),
        endpoint="nominations.index",
        position=60,
    ),
    MenuEntry(
        key="imports",
        icon="table-import",
        label=mark("Imports"),
        endpoint="imports.index",
        position=10,
        group=2,
    ),
    MenuEntry(
        key="outreach", icon="mail", label=mark("Outreach"), endpoint="emails.index", position=20, group=2
    ),
    MenuEntry(
        key="metrics",
        icon="chart-line",
        label=mark("Metrics"),
        endpoint="metrics.index",
        position=30,
        group=2,
    ),
    MenuEntry(
        key="settings",
        icon="settings",
        label=mark("Settings"),
        endpoint="workspace.show",
        position=10,
        group=3,
    ),
)
ADVOCATE_ENTRIES = (
    MenuEntry(key="asks", icon="message-question", label=mark("Asks"), endpoint="asks.mine", position=10),
    MenuEntry(
        key="coming-up",
        icon="calendar-event",
        label=mark("Coming up"),
        endpoint="coming_up.show",
        position=20,
    ),
    MenuEntry(key="impact", icon="sparkles", label=mark("Impact"), endpoint="asks.impact", position=30),
    MenuEntry(key="me", icon="user", label=mark("Me"), endpoint="advocates.me", position=50),
)


def member_menu() -> list[MenuEntry]:
    declared = [entry for program in programs_on(db) for entry in program.menu]
    return _usable([*MEMBER_ENTRIES, *declared])


def advocate_menu() -> list[MenuEntry]:
    declared = [entry for program in programs_on(db) for entry in program.advocate_menu]
    return _usable([*ADVOCATE_ENTRIES, *declared])


def _usable(entries: list[MenuEntry]) -> list[MenuEntry]:
    placed = sorted(entries, key=attrgetter("group", "position"))
    return [entry for entry in placed if can_open(entry.endpoint)]
