"""Words that a workspace puts on accounts and people."""
