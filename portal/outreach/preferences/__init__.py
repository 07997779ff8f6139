"""The page behind every email: withdraw consents, pause, resume or unsubscribe, without signing in."""
