"""How people get in: emails with a link, sessions kept on the server, memberships and invitations."""
