"""The starter pack, published and given test tones: in a demonstration, what no second speaker has read or heard is shown with
its mark."""

from datetime import timedelta

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.demonstration import tones
from allervers.prevention import actions, starter_pack
from allervers.prevention.models import Message

_WRITTEN_BEFORE = timedelta(days=30)


def publish_starter_pack(network: Network, *, reader: Viewer) -> list[Message]:
    """Its dates are moved to today's, so that a demonstration loaded in some years is not made of expired messages."""
    messages = starter_pack.load(network)
    for message in messages:
        shift = clock.today(reader.timezone) - _WRITTEN_BEFORE - message.written_on
        message.written_on, message.expires_on = message.written_on + shift, message.expires_on + shift
        message.save(update_fields=["written_on", "expires_on"])
        actions.publish(message, by=reader)
    tones.speak(messages, network, by=reader)
    return messages
