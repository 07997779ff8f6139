"""A rep's request from draft to outcome."""
