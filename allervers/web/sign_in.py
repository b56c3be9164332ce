"""How allauth behaves here: nobody signs up alone, mails leave through the outbox, everyone lands on her own first page."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from allervers.accounts import unlock
from allervers.accounts.models import User
from allervers.accounts.rules import memberships_of, viewer_of
from allervers.outbox import actions as outbox
from allervers.web.context import home_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """A coordinator opens accounts; there is no other way in."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        outbox.mail(to=email, subject=message.subject, text=str(message.body), purpose="sign_in")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page of her role: not everyone has a list of the day."""
        memberships = memberships_of(request.user.pk) if request.user.pk else []
        return home_of(viewer_of(memberships[0]) if memberships else None)

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:
        """A full sign-in gives the short code its tries back."""
        unlock.forget_tries(user)
        response: HttpResponse = super().post_login(request, user, **told)
        return response
