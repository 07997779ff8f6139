"""How people get in: letters with a link, sessions kept on the server, memberships and invitations."""
