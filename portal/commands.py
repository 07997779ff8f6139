"""The commands of `flask`, in one list."""

from click import Command

from portal import cli

COMMANDS: list[Command] = [cli.db]
