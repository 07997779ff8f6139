"""The commands of `flask`, in one list."""

from click import Command

from portal import cli
from portal.workspace.commands import workspace

COMMANDS: list[Command] = [cli.db, workspace]
