"""What managers do with an event: write it, invite, see who comes, and what came of it."""
