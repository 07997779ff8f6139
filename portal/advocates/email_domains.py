"""Whether an email address speaks for a company. A free-mail address speaks for nobody."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, AdvocateState
from tenants.email_addresses import domain_of

_DOMAINS = """
    126.com 163.com aol.com duck.com fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com
    gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.fr icloud.com laposte.net
    libero.it live.com mac.com mail.com mail.ru me.com msn.com naver.com orange.fr outlook.com
    outlook.de posteo.de proton.me protonmail.com qq.com seznam.cz t-online.de tutanota.com web.de wp.pl
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yandex.ru ymail.com zoho.com
"""
FREE_EMAIL_DOMAINS = frozenset(_DOMAINS.split())
UNVERIFIED_STATES = (AdvocateState.PENDING, AdvocateState.ERASED)


def account_of_address(session: Session, address: str) -> UUID | None:
    """Find the account whose people use this address's domain; None for unknown domains and free mail."""
    domain = domain_of(address)
    if not domain or domain in FREE_EMAIL_DOMAINS:
        return None
    colleague = select(Advocate.account_id).where(
        func.split_part(Advocate.email_norm, "@", -1) == domain,
        Advocate.account_id.is_not(None),
        Advocate.state.not_in(UNVERIFIED_STATES),
    )
    return session.scalar(colleague.order_by(Advocate.id).limit(1))
