"""What mail providers tell us of letters afterwards: delivered, came back, opened, marked as spam."""
