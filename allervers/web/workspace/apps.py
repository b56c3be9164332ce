"""The workspace: the moment someone signs in is the first at which her desk is seen."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class WorkspaceConfig(AppConfig):
    name = "allervers.web.workspace"

    def ready(self) -> None:
        user_logged_in.connect(_begin, dispatch_uid="desk.begin")


def _begin(request: HttpRequest, **_signal: Any) -> None:
    """At sign-in, so that the first page has nothing to write."""
    from allervers.web import desk

    desk.begin(request)
