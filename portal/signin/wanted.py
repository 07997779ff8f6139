"""Where to go after signing in: a page of ours, never another site."""

from urllib.parse import urlsplit

LONGEST = 500


def safe(wanted: str | None) -> str:
    """The address if it is a path of ours, else nothing."""
    if not wanted or len(wanted) > LONGEST or not wanted.startswith("/"):
        return ""
    if wanted.startswith("//") or "\\" in wanted or any(sign <= " " or sign == "\x7f" for sign in wanted):
        return ""
    parts = urlsplit(wanted)
    return "" if parts.scheme or parts.netloc else wanted
