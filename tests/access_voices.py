"""The objects of calls about messages' voices and the studio, as `access_objects` builds those of all other nouns."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allervers.core import clock
from allervers.prevention import actions as prevention
from allervers.prevention import voices
from allervers.prevention.enums import InvitationKind
from allervers.prevention.models import Invitation, Message, SentFilm
from tests.access_walk import Factory, Position
from tests.prevention.voiced import filmed, spoken

FACTORIES: dict[str, Factory] = {}


def builds(*names: str) -> Callable[[Factory], Factory]:
    def register(factory: Factory) -> Factory:
        FACTORIES.update(dict.fromkeys(names, factory))
        return factory

    return register


def published(position: Position) -> Message:
    """A published message of the position's network: the one that is there, or a new one."""
    there = Message.objects.published().filter(network=position.hub.network, slug="il-fait-tres-chaud").first()
    if there is not None:
        return there
    written = prevention.write(
        position.hub.network,
        title=prevention.Line("Il fait très chaud", "sun"),
        lines=[prevention.Line("Buvez de l’eau.", "glass"), prevention.Line("Appelez le 15.", "phone", True, "15")],
        terms=prevention.Terms(clock.today(), clock.today() + timedelta(days=90)),
        said={"ar": ["الجو حار جدا", "اشربوا الماء.", "اتصلوا بالرقم 15."]},
        by=None,
    )
    prevention.publish(written, by=position.viewer)
    return written


@builds("public:sound")
def _sound(position: Position) -> dict[str, Any]:
    """A voice that anyone hears: checked by a second speaker."""
    said = spoken(published(position), "snk", by=None)[0]
    prevention.check(said, version=1, by=position.viewer)
    assert said.media is not None
    return {"pk": said.media.pk}


@builds("public:film")
def _film(position: Position) -> dict[str, Any]:
    """A film that anyone sees: checked by a second speaker."""
    message = published(position)
    made = voices.film(message, language="fsl", media=filmed(message), by=None)
    prevention.check(made, version=made.french, by=position.viewer)
    return {"pk": made.media_id, "suffix": "mp4"}


@builds("public:studio")
def _studio(position: Position) -> dict[str, Any]:
    """A link to say a message; no code was given in this browser."""
    return {"token": _invited(position)[1]}


@builds("public:studio_sentence", "public:studio_piece", "public:studio_verdict", "public:studio_listen")
def _studio_sentence(position: Position) -> dict[str, Any]:
    invitation, token, _code = _invited(position)
    return {"token": token, "pk": invitation.message.segments.get(position=1).pk}


@builds("public:studio_film", "public:studio_film_piece", "public:studio_film_verdict", "public:studio_film_watch")
def _studio_film(position: Position) -> dict[str, Any]:
    """A link to film a message; no code was given in this browser."""
    message = published(position)
    return {"token": voices.invite(message, language="fsl", kind=InvitationKind.FILM, by=position.viewer)[1]}


@builds("workspace:films", "workspace:films_sent")
def _films(position: Position) -> dict[str, Any]:
    message = published(position)
    voices.film(message, language="fsl", media=filmed(message), by=None)
    return {"pk": _sent(position).message_id}


@builds("workspace:film_piece")
def _film_piece(position: Position) -> dict[str, Any]:
    return {"pk": published(position).pk}


@builds("workspace:sent_film")
def _sent_film(position: Position) -> dict[str, Any]:
    return {"pk": _sent(position).pk}


def _sent(position: Position) -> SentFilm:
    """A film that waits for the worker."""
    message = published(position)
    return SentFilm.objects.create(
        network=message.network,
        message=message,
        language="fsl",
        edition=message.edition,
        name=secrets.token_hex(16),
        sha256="0" * 64,
        sent_by=str(position.viewer.membership_id),
    )


@builds("workspace:invitation_revoke")
def _studio_link(position: Position) -> dict[str, Any]:
    return {"pk": _invited(position)[0].pk}


@builds("workspace:voices", "workspace:voice_invite")
def _voices(position: Position) -> dict[str, Any]:
    message = published(position)
    spoken(message, "snk", by=None)
    return {"pk": message.pk}


@builds("workspace:voice_judge")
def _voice(position: Position) -> dict[str, Any]:
    return {"pk": spoken(published(position), "snk", by=None)[0].pk}


def _invited(position: Position) -> tuple[Invitation, str, str]:
    return voices.invite(published(position), language="snk", kind=InvitationKind.RECORD, by=position.viewer)
