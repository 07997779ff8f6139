"""Email templates: each has a default and can be edited; every text is a version that stays."""
