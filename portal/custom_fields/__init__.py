"""Fields that a workspace adds to its accounts and people."""
