"""What mail providers tell us of emails afterwards: delivered, came back, opened, marked as spam."""
