"""What a filled workspace holds of its people: a file they came with, what they agreed to, a new address."""

from typing import Any, TypeVar

from uuid_utils.compat import uuid7

from portal.advocates import models as advocates
from portal.advocates.address_change_models import AddressChange
from portal.advocates.profile import ContactDetails, JoinSubmission, Preferences
from portal.advocates.record_consents.models import RecordConsent, RecordConsentAnchor, RecordConsentText
from portal.files import FilePiece, StoredFile
from portal.imports import models as imports
from portal.outreach.consent_requests.models import ConsentRequest
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership

Row = TypeVar("Row", bound=TenantOwned)


def new(table: type[Row], /, **facts: Any) -> Row:
    """A row that knows its key before it is written, so that others can point at it."""
    return table(id=uuid7(), **facts)


def imported(mark: str, rep: Membership) -> list[TenantOwned]:
    file = new(StoredFile, name=f"{mark}.csv", content_type="text/csv", size=len(mark))
    done = new(
        imports.Import,
        kind=imports.ImportKind.PEOPLE,
        state=imports.ImportState.DONE,
        file_id=file.id,
        file_name=file.name,
        by_id=rep.id,
        header=[mark],
        counts={"refused": 1},
    )
    line = {
        "import_id": done.id,
        "line": 2,
        "outcome": imports.LineOutcome.REFUSED,
        "reason": imports.LineReason.EARLIER,
        "reason_params": {"text": mark},
    }
    return [
        file,
        new(FilePiece, file_id=file.id, number=0, content=mark.encode()),
        done,
        new(imports.ImportRow, cells=[mark], **line),
        new(imports.ImportResult, value=mark, **line),
        new(imports.ImportMapping, kind=imports.ImportKind.PEOPLE, header_norm=mark, mapping={}),
    ]


def agreed(mark: str, ada: advocates.Advocate, rep: Membership) -> list[TenantOwned]:
    words = new(
        advocates.ConsentText, purpose=advocates.ConsentPurpose.CALLS, version=900, title=mark, text=mark
    )
    entry = new(
        advocates.ConsentEntry,
        advocate_id=ada.id,
        number=1,
        purpose=advocates.ConsentPurpose.CALLS,
        granted=True,
        text_id=words.id,
        at=utc_now(),
        source=advocates.ConsentSource.JOIN,
        digest="d",
        hash="h",
    )
    anchor = new(advocates.ConsentAnchor, advocate_id=ada.id, length=1, last_hash="h")
    request = new(
        advocates.JoinRequest,
        email=f"new@{mark}.example",
        email_norm=f"new@{mark}.example",
        submission=JoinSubmission(
            contact=ContactDetails(name=mark, email=f"new@{mark}.example"), preferences=Preferences()
        ).to_json(),
    )
    to = dict.fromkeys(("email", "email_norm"), f"ada.new@{mark}.example")
    was = {"former": ada.email, "former_norm": ada.email_norm}
    change = new(AddressChange, advocate_id=ada.id, by_id=rep.id, **to, **was)
    return [words, entry, anchor, request, change, *_asked_for_more(mark, ada, rep, words)]


def _asked_for_more(
    mark: str, ada: advocates.Advocate, rep: Membership, words: advocates.ConsentText
) -> list[TenantOwned]:
    """A further consent she was asked for, and what she agreed to about one record."""
    asked = new(
        ConsentRequest,
        advocate_id=ada.id,
        purpose=advocates.ConsentPurpose.CALLS,
        text_id=words.id,
        by_id=rep.id,
    )
    photos = new(RecordConsentText, kind=mark, version=1, title=mark, text=mark)
    agreed_to = new(
        RecordConsent,
        advocate_id=ada.id,
        number=1,
        subject_type="accounts",
        subject_id=ada.account_id,
        granted=True,
        text_id=photos.id,
        at=utc_now(),
        source=advocates.ConsentSource.OWN_PAGE,
        personal={"email": ada.email},
        salt=mark,
        digest="d",
        hash="h",
    )
    anchor = new(RecordConsentAnchor, advocate_id=ada.id, length=1, last_hash="h")
    return [asked, photos, agreed_to, anchor]
