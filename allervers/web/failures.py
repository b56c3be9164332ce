"""The page of a bad day: what happened, whether anything was saved, what to do. Touches neither database nor session."""

import errno
import sys
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

_FULL = ("disk is full", "no space left", "disk i/o error", "disk quota", "readonly database")
_BUSY = ("locked", "deadlock", "lock timeout")


@dataclass(frozen=True)
class Sentence:
    said: str
    help: str


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of an uncaught exception, called while it is being handled."""
    sentence = explained(sys.exc_info()[1])
    if sentence is None:
        return defaults.server_error(request)
    response = _page(sentence, status=503)
    response["Retry-After"] = "30"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A form that is larger than any of ours: said with 413, which proxies and browsers know."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        help_ = _(
            "5 000 cases et 2,5 Mo de texte au plus par page, 50 Mo par fichier. "
            "Revenez en arrière et envoyez-le en plusieurs fois."
        )
        return _page(Sentence(_("Ce qui a été envoyé est trop gros pour être lu."), help_), status=413)
    return defaults.bad_request(request, exception)


def explained(error: BaseException | None) -> Sentence | None:
    """What whoever keeps the machine can mend, in words; None for a fault of ours."""
    for cause in _causes(error):
        told = str(cause).lower()
        full = isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
        if full or (isinstance(cause, DatabaseError) and any(words in told for words in _FULL)):
            return Sentence(
                _("Le disque de cette installation est plein : rien n’a été enregistré."),
                _(
                    "Prévenez la personne qui s’en occupe, revenez en arrière (votre saisie y est encore) et renvoyez "
                    "quand la place est faite."
                ),
            )
        if isinstance(cause, OperationalError) and any(words in told for words in _BUSY):
            return Sentence(
                _("La base est très occupée : rien n’a été enregistré."),
                _("Revenez en arrière (votre saisie y est encore) et renvoyez dans un instant."),
            )
        if isinstance(cause, OperationalError | InterfaceError):
            return Sentence(
                _("La base ne répond pas : rien n’a été enregistré."),
                _(
                    "Revenez en arrière (votre saisie y est encore) et renvoyez dans une minute ; si cela dure, "
                    "prévenez la personne qui s’occupe de cette installation."
                ),
            )
    return None


def _page(sentence: Sentence, *, status: int) -> HttpResponse:
    page = render_to_string("503.html", {"said": sentence.said, "help": sentence.help})
    return HttpResponse(page, status=status)


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
