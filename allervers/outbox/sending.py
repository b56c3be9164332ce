"""How one message leaves: by Django's mail backend, or by the SMS gateway of the settings. Knows no database."""

import json
import smtplib
import sys
import urllib.error
import urllib.request

from django.conf import settings
from django.core.mail import EmailMessage

from allervers.outbox.models import Channel

_TIMEOUT = 20  # seconds
_NEVER = {400, 404, 410, 413, 422}  # the gateway will not take this one, however often it is asked


class NotSent(Exception):
    """It did not leave. `code` names why, never the server's sentence; `for_good` when asking again is useless."""

    def __init__(self, code: str, *, for_good: bool = False, unreachable: bool = False) -> None:
        super().__init__(code)
        self.code, self.for_good, self.unreachable = code, for_good, unreachable


def send(channel: str, *, ident: str, to: str, subject: str, text: str) -> None:
    """Hands one message to the mail server or the gateway. Raises `NotSent`."""
    if channel == Channel.MAIL:
        _mail(ident, to, subject, text)
    else:
        _sms(ident, to, text)


def show(to: str, text: str) -> None:
    """A sign-in code on the terminal, for one association on its own computer without a mail server."""
    sys.stdout.write(f"\n----- {to}\n{text}\n-----\n")
    sys.stdout.flush()


def _mail(ident: str, to: str, subject: str, text: str) -> None:
    # The same Message-ID when a killed worker sends again: a mail server can then drop the double.
    host = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")
    headers = {"Message-ID": f"<{ident}@{host}>", "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, text, to=[to], headers=headers).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _sentence in error.recipients.values()]
        raise NotSent("recipient_refused", for_good=all(code >= 500 for code in codes)) from None
    except smtplib.SMTPException as error:
        raise NotSent(type(error).__name__, unreachable=isinstance(error, smtplib.SMTPServerDisconnected)) from None
    except (OSError, ValueError) as error:
        raise NotSent(type(error).__name__, unreachable=isinstance(error, OSError)) from None


def _sms(ident: str, to: str, text: str) -> None:
    if not settings.SMS_URL.startswith(("https://", "http://")):
        raise NotSent("no_gateway", unreachable=True)
    body = json.dumps({"id": ident, "to": to, "text": text}).encode()
    request = urllib.request.Request(  # noqa: S310  # the scheme was checked just above
        settings.SMS_URL, data=body, headers={"Content-Type": "application/json", "Idempotency-Key": ident}
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT):  # noqa: S310  # as above
            return
    except urllib.error.HTTPError as error:
        error.close()
        raise NotSent(f"http_{error.code}", for_good=error.code in _NEVER) from None
    except OSError as error:
        raise NotSent(type(error).__name__, unreachable=True) from None
