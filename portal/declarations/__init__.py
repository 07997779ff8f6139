"""What features declare of themselves, in types that name no feature."""
