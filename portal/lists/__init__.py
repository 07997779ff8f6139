"""Pages, files, saved views and bulk acts of every declared list (`portal/declarations/lists.py`)."""
