"""Every write about encounters, needs, obstacles and hand-overs."""

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

__all__ = [
    "Met",
    "Plan",
    "Want",
    "accept_hand_over",
    "add_contact",
    "bring",
    "close_need",
    "decline_hand_over",
    "hand_over",
    "note_encounter",
    "note_obstacle",
    "open_need",
    "person_says",
    "reopen_need",
    "set_next_contact",
    "take_in_hand",
    "undo_encounter",
]
