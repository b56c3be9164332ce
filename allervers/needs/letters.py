"""What is written to whoever brought a neighbour: no name, no kind of need."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from allervers.needs import wording
from allervers.needs.models import HandOver


def done(handed: HandOver) -> tuple[str, str]:
    """That it is done; she agreed to it being said."""
    with override("fr"):
        day = wording.day(handed.at.astimezone(ZoneInfo(handed.network.timezone)).date())
        text = _(
            "Bonjour,\n\nLa personne que vous avez confiée le %(day)s a été aidée : c’est fait. "
            "Elle était d’accord pour que vous le sachiez.\n\nMerci pour elle."
        )
        return _("Votre relais du %(day)s : c’est fait") % {"day": day}, text % {"day": day}
