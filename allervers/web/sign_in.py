"""How allauth behaves here: nobody signs up alone, mails leave through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from allervers.outbox import actions as outbox


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """A coordinator opens accounts; there is no other way in."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        outbox.mail(to=email, subject=message.subject, text=str(message.body), purpose="sign_in")
