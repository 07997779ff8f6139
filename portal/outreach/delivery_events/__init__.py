"""What mail providers report about emails afterward: delivered, bounced, opened, marked as spam."""
