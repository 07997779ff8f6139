"""The words of emails: each has a default of the product and can be edited; every text is a version that stays."""
