"""The words by which guests agree to photos and to a recording; without words nobody is asked."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.record_consents.actions import add_text
from portal.advocates.record_consents.models import RecordConsentText
from portal.events.models import Event

PHOTOS, RECORDING = "event_photos", "event_recording"
TITLES = {PHOTOS: "Photos", RECORDING: "Recording"}
USUAL = {
    PHOTOS: _l("Photos are taken at this event. You may show pictures in which I can be recognized."),
    RECORDING: _l("This event is recorded. You may share the recording, in which I can be seen and heard."),
}


def words_of(session: Session, event: Event) -> dict[str, str]:
    """By kind."""
    ids = [one for one in (event.photo_text_id, event.recording_text_id) if one is not None]
    found = {
        row.id: row.text
        for row in session.scalars(select(RecordConsentText).where(RecordConsentText.id.in_(ids)))
    }
    return {
        PHOTOS: found.get(event.photo_text_id, "") if event.photo_text_id else "",
        RECORDING: found.get(event.recording_text_id, "") if event.recording_text_id else "",
    }


def set_words(session: Session, event: Event, photos: str, recording: str) -> None:
    """What was agreed to before keeps its own words."""
    event.photo_text_id = _text_id(session, PHOTOS, photos)
    event.recording_text_id = _text_id(session, RECORDING, recording)


def _text_id(session: Session, kind: str, words: str) -> UUID | None:
    if not words:
        return None
    same = select(RecordConsentText).where(RecordConsentText.kind == kind, RecordConsentText.text == words)
    known = session.scalar(same.order_by(RecordConsentText.version.desc()).limit(1))
    return known.id if known else add_text(session, kind, TITLES[kind], words).id
