"""Where to go after signing in: a page of ours, never another site."""

from urllib.parse import urlsplit

MAX_LENGTH = 500


def safe_next_url(next_url: str | None) -> str:
    if not next_url or len(next_url) > MAX_LENGTH or not next_url.startswith("/"):
        return ""
    if (
        next_url.startswith("//")
        or "\\" in next_url
        or any(char <= " " or char == "\x7f" for char in next_url)
    ):
        return ""
    parts = urlsplit(next_url)
    return "" if parts.scheme or parts.netloc else next_url
