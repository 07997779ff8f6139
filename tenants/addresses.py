"""When two spellings are the same e-mail address. Stored beside it as `email_norm` and compared plainly."""


def normal_email(text: str) -> str:
    return text.strip().lower()
