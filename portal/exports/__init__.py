"""Lists as CSV files: short ones at once, long ones made by a worker and kept for a day."""
