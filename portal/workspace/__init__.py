"""A workspace and its settings: people and roles, brand, the join page, policies; making a new one."""
