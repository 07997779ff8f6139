"""The floor: workspaces, people who sign in, memberships, sessions of the database, and the wall between tenants."""
