"""What is passed from hand to hand: a text that fits, a code that leads there, a page to pin up."""

import io
from datetime import date

import pypdf
import pytest

from allervers.core.languages import LANGUAGES
from allervers.prevention import queries, sharing
from tests.cast import Cast
from tests.prevention.test_actions import published

WORDS = sharing.SheetWords(
    "Vrai jusqu’au 15 septembre 2026.", "D’après Santé publique France.", "Pas encore relu.", "Il manque une phrase."
)
ADDRESS = "https://reseau.example/m/abc234/ar/"


def test_share_holds_the_words_and_the_link(cast: Cast) -> None:
    shown = queries.shown(published(cast), "en", date(2026, 7, 1), unchecked=True)

    share = sharing.Share.of(shown, ADDRESS)

    assert share.text == f"Hot Drink water. Call 15. {ADDRESS}"
    assert share.sms.startswith("sms:?body=Hot%20Drink") and share.whatsapp.startswith("https://wa.me/?text=Hot%20")
    assert share.qr.startswith("data:image/svg+xml")


def test_share_cuts_a_long_message_between_two_words(cast: Cast) -> None:
    message = published(cast)
    message.segments.filter(position=1).update(text="mot " * 90)

    text = sharing.Share.of(queries.shown(message, "fr", date(2026, 7, 1), unchecked=False), ADDRESS).text

    words, _space, address = text.rpartition(" ")
    assert address == ADDRESS
    assert words.endswith("mot…") and len(words) <= 301


@pytest.mark.parametrize("kind", ["poster", "card"])
@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_sheet_is_one_tagged_page_with_the_language_beside_its_french(cast: Cast, kind: str, language: str) -> None:
    shown = queries.shown(published(cast), language, date(2026, 7, 1), unchecked=True)

    sheet = sharing.Sheet.of(shown, LANGUAGES[language], kind=kind, address=ADDRESS, network="Réseau", words=WORDS)
    assert sheet.kept() is None
    made = sheet.make()

    assert sheet.kept() == made
    pdf = pypdf.PdfReader(io.BytesIO(made))
    text = " ".join(pdf.pages[0].extract_text().split())
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Buvez de l’eau." in text and "reseau.example/m/abc234/ar/" in text
    assert ("Drink water." in text) == (language == "en")
    assert "Il manque une phrase." in text
    assert ("Pas encore relu." in text) == (language != "fr")
