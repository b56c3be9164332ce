"""A lost mail server, said on every page of whoever can do something about it."""

from django import template

from allervers.accounts.rules import Viewer
from allervers.web.workspace.outbox import Told, notice_for

register = template.Library()


@register.simple_tag
def sending_trouble(viewer: Viewer | None) -> Told | None:
    """What does not leave, or nothing; one query, for three roles only."""
    return notice_for(viewer) if viewer else None
