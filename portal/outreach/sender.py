"""Whom letters and calendar entries of this process come from: MAIL_FROM, read once at the start."""

from email.utils import parseaddr


class Sender:
    address: str = "goodword@localhost"


sender = Sender()


def configure(mail_from: str) -> None:
    sender.address = parseaddr(mail_from)[1] or Sender.address
