"""The eight characters in a sign-in email, for when the link is opened elsewhere or cannot be clicked."""

import hmac

from portal import links
from portal.links import LinkPurpose
from tenants.models import SignInRequest

LENGTH = 8


def code_of(asked: SignInRequest) -> str:
    return links.short_code(LinkPurpose.SIGN_IN, asked.id)


def is_whole(typed: str) -> bool:
    return len(normalize_code(typed)) == LENGTH


def is_code_of(asked: SignInRequest, typed: str) -> bool:
    return hmac.compare_digest(normalize_code(typed).encode(), code_of(asked).encode())


def normalize_code(typed: str) -> str:
    return "".join(char for char in typed.upper() if char.isalnum())
