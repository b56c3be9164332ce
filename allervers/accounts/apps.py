"""Accounts, and the second lock on rows that each database connection starts with."""

from django.apps import AppConfig
from django.core.signals import request_finished
from django.db.backends.signals import connection_created


class AccountsConfig(AppConfig):
    name = "allervers.accounts"

    def ready(self) -> None:
        from allervers.accounts import rowlock

        connection_created.connect(rowlock.begin, dispatch_uid="rowlock")
        request_finished.connect(rowlock.leave, dispatch_uid="rowlock")
