"""Whom emails and calendar entries of this process come from: MAIL_FROM, read once at the start."""

from email.utils import parseaddr


class DefaultSender:
    address: str = "goodword@localhost"


default_sender = DefaultSender()


def configure(mail_from: str) -> None:
    default_sender.address = parseaddr(mail_from)[1] or DefaultSender.address
