"""Door 3 by voice: a minute of message in place of the questions. One button records, one sends; no number is needed.

What was said never touches a disk on its way: it is received, encoded and sealed in memory. A voice that was recorded is not
lost for a number that cannot be, nor in a flood: it is received all the same.
"""

from dataclasses import dataclass

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from allervers.needs import actions, queries, spoken
from allervers.needs.actions import Asked
from allervers.needs.enums import Reach
from allervers.needs.errors import NeedError, NotAgreed
from allervers.needs.wishes import When, Wish
from allervers.people import identity as identities
from allervers.prevention import errors
from allervers.web.private import origin
from allervers.web.public import gate, stamp
from allervers.web.public.ask import NEUTRAL, receipt
from allervers.web.public.street import Street, discreet, on_the_street, page


class InMemory(FileUploadHandler):
    """Holds one voice; what is longer is read to its end and dropped, so that the browser gets its answer."""

    chunk_size = 64 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.held = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.field_name == "file" and len(self.held) <= spoken.MAX_BYTES:
            self.held += raw_data

    def file_complete(self, file_size: int) -> None:
        return None


@dataclass(frozen=True)
class _Number:
    """A number as it was typed: one to call, else words for the team to read again."""

    phone: str
    note: str

    @classmethod
    def of(cls, typed: str) -> "_Number":
        try:
            return cls(identities.parse_phone(typed) if typed else "", "")
        except identities.IdentityRefused:
            return cls("", typed)


# A page that may have been kept for days without network holds no token; there is no session to forge either.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@on_the_street
@discreet
def speak(request: HttpRequest, street: Street) -> HttpResponse:
    """The recorder, then the receipt."""
    if request.method == "POST":
        return _send(request, street)
    return _page(request, street, for_other=request.GET.get("pour") == "autre")


def _send(request: HttpRequest, street: Street) -> HttpResponse:
    handler = InMemory(request)
    request.upload_handlers = [handler]
    sent = request.POST
    try:
        voice = spoken.encode(bytes(handler.held))
        number = _Number.of(sent.get("numero", "").strip()[:40])
        signs = stamp.signs_of(sent, origin(request), crowded=gate.is_crowded(sent))
        kept, code = actions.ask(street.network, _asked(street, sent, voice, number), signs)
    except errors.Unusable as refusal:
        return _page(request, street, error=_why(refusal), for_other=_is_for_other(sent))
    except NotAgreed:
        return _page(request, street, error=_("Demandez d’abord à la personne. Puis cochez la case."), for_other=True)
    except NeedError:
        return _page(request, street)  # nobody answers here: the page says whom to call
    return receipt(request, street, kept, code, unread=bool(number.note))


def _asked(street: Street, sent: QueryDict, voice: spoken.Spoken, number: _Number) -> Asked:
    return Asked(
        wish=Wish.OTHER,
        when=When.SOON,
        language=street.reader.language.code,
        phone=number.phone,
        reach=Reach.CALL if number.phone else Reach.CODE,
        note=number.note,
        for_other=_is_for_other(sent),
        agreed="accord" in sent,
        spoken=voice,
    )


def _is_for_other(sent: QueryDict) -> bool:
    return sent.get("pour") == "autre"


def _why(refusal: errors.Unusable) -> str:
    """In her own words: those of the studio speak of longer files."""
    reasons: dict[type[errors.Unusable], str] = {
        errors.TooBig: _("C’est trop lourd. Parlez une minute, pas plus."),
        errors.TooLong: _("C’est trop long. Parlez une minute, pas plus."),
        errors.TooShort: _("C’est trop court. Recommencez."),
        errors.Silent: _("On n’entend rien. Approchez le téléphone et recommencez."),
    }
    return reasons.get(type(refusal), _("On ne peut pas lire ce son. Recommencez."))


def _page(request: HttpRequest, street: Street, *, error: str = "", for_other: bool = False) -> HttpResponse:
    return page(
        request,
        street,
        "public/ask_speak.html",
        "red",
        status=400 if error else 200,
        hub=queries.hub_for(street.network.id, None),
        stamp=stamp.new(),
        error=error,
        for_other=for_other,
        most=spoken.RECORDED_SECONDS,
        heaviest=spoken.MAX_BYTES,
        neutral=NEUTRAL,
    )
