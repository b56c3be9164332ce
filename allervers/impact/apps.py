"""The app's start: what it watches in the database is put there by `migrate`."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate

from allervers.impact import watch


class ImpactConfig(AppConfig):
    name = "allervers.impact"

    def ready(self) -> None:
        # Of an app that has models: this one has none, and nothing is said for it.
        sender = apps.get_app_config("referrals")
        pre_migrate.connect(watch.take_off, sender=sender)
        post_migrate.connect(watch.install, sender=sender)
