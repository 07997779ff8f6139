"""The hash of a line about one record."""

from portal.advocates.consent_hashes import digest_of, sha256_of, timestamp
from portal.advocates.record_consents.models import RecordConsent, RecordConsentText


def hash_of(line: RecordConsent, text: RecordConsentText) -> str:
    holder = "advocate" if line.advocate_id else "contact"
    return sha256_of(
        line.previous,
        [holder, str(line.holder_id), line.number, line.granted, timestamp(line.at)],
        [line.subject_type, str(line.subject_id)],
        [text.kind, text.version, text.title, text.text],
        [line.source.value, line.digest],
    )


def write_hashes(line: RecordConsent, text: RecordConsentText) -> None:
    """Write digest and hash of a new line."""
    line.digest = digest_of(line.salt or "", line.personal or {})
    line.hash = hash_of(line, text)
