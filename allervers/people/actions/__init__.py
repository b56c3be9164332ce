"""Every write about a person, a noun a module; call them through this package: `people.actions.open_card(...)`."""

from allervers.people.actions.cards import (
    CardErased,
    CardRefused,
    OutOfReach,
    name_card,
    open_card,
    open_code,
    touch,
    update_card,
)
from allervers.people.actions.erasure import ErasureListUnwritable, erase_card, reapply_erasures
from allervers.people.actions.links import confirm_link, propose_doubles, propose_link, reject_link, undo_link
from allervers.people.actions.receipts import (
    RepresentativeNeeded,
    agree_to_share,
    ask_no_follow_up,
    give_information,
    record_agreement,
    resume_follow_up,
    withdraw,
)
from allervers.people.actions.rotation import destroy_old_keys, rotate_keys

__all__ = [
    "CardErased",
    "CardRefused",
    "ErasureListUnwritable",
    "OutOfReach",
    "RepresentativeNeeded",
    "agree_to_share",
    "ask_no_follow_up",
    "confirm_link",
    "destroy_old_keys",
    "erase_card",
    "give_information",
    "name_card",
    "open_card",
    "open_code",
    "propose_doubles",
    "propose_link",
    "reapply_erasures",
    "record_agreement",
    "reject_link",
    "resume_follow_up",
    "rotate_keys",
    "touch",
    "undo_link",
    "update_card",
    "withdraw",
]
