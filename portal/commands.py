"""The commands of `flask`, in one list."""

from click import Command

from portal import cli
from portal.rehearse import rehearse
from portal.verify import verify
from portal.workspace.commands import workspace

cli.db.add_command(rehearse)
COMMANDS: list[Command] = [cli.db, workspace, verify]
