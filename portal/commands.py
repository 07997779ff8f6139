"""The commands of `flask`, in one list."""

from click import Command

from portal import cli
from portal.verify import verify
from portal.workspace.commands import workspace

COMMANDS: list[Command] = [cli.db, workspace, verify]
