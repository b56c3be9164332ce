"""Every write about encounters, needs, obstacles, hand-overs and requests."""

from allervers.needs.actions.encounters import Met, Plan, Want, note_encounter, undo_encounter
from allervers.needs.actions.follow_up import (
    add_contact,
    close_need,
    note_obstacle,
    open_need,
    person_says,
    reopen_need,
    set_next_contact,
    take_in_hand,
)
from allervers.needs.actions.hand_overs import accept_hand_over, bring, decline_hand_over, hand_over
from allervers.needs.actions.requests import (
    Asked,
    accept_request,
    ask,
    change_request,
    find,
    refuse_request,
    withdraw_request,
)

__all__ = [
    "Asked",
    "Met",
    "Plan",
    "Want",
    "accept_hand_over",
    "accept_request",
    "add_contact",
    "ask",
    "bring",
    "change_request",
    "close_need",
    "decline_hand_over",
    "find",
    "hand_over",
    "note_encounter",
    "note_obstacle",
    "open_need",
    "person_says",
    "refuse_request",
    "reopen_need",
    "set_next_contact",
    "take_in_hand",
    "undo_encounter",
    "withdraw_request",
]
