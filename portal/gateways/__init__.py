"""Other programs: mail servers, SendGrid, DNS, Redis."""
