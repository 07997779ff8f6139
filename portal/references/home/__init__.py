"""The desk's share of the home pages: what needs a manager, today's calls, a rep's own requests."""
