"""What the worker calls: films and clips to make, the daily clean-up."""

from datetime import datetime, timedelta

from django.conf import settings

from allervers.accounts.models import Network
from allervers.prevention import clips, films, house, media, sheets, voices
from allervers.prevention.models import Misunderstanding

_WORDS_KEPT = timedelta(days=90)


def tick(now: datetime) -> dict[str, int]:
    """A few seconds of the film that waits; without one, a message for young people that has its voices and no video."""
    made = films.work(now)
    return {"films": made, "clips": 0 if made else clips.work(now)}


def stop(_now: datetime) -> None:
    """The worker ends as it was told to."""
    films.let_go()


def clean_up(now: datetime) -> dict[str, int]:
    """What residents wrote about a sentence is forgotten; that it was understood otherwise stays. Files that nothing makes
    heard go, and sheets that nobody reads; whole messages that a cut left without their file get it; our own words that are new
    wait to be said."""
    for network in Network.objects.all():
        house.bring_up_to_date(network)
    old = Misunderstanding.objects.filter(at__lt=now - _WORDS_KEPT).exclude(words="")
    return {
        "words_forgotten": old.update(words=""),
        "films_forgotten": films.clean_up(now),
        "outdated": clips.forget_outdated(unchecked=settings.DEMO) + voices.forget_outdated(unchecked=settings.DEMO),
        "files_forgotten": media.forget_unused(now),
        "sheets_forgotten": sheets.forget_unread(now),
        "wholes": voices.make_wholes(unchecked=settings.DEMO),
    }
