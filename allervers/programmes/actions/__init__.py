"""Every write that has a consequence: campaigns, their sessions, the lines of a session."""

from allervers.programmes.actions.campaigns import Terms, create_campaign, declare, edit_campaign
from allervers.programmes.actions.lines import (
    add_walk_in,
    mark_left,
    note_follow_up,
    remove,
    restore,
    set_result,
)
from allervers.programmes.actions.orienting import UNDO_FOR, Oriented, Undone, may_be_oriented, orient, undo_orient
from allervers.programmes.actions.sessions import (
    cancel_session,
    change_session,
    count_heads,
    hold_session,
    plan_session,
    reopen_session,
)

__all__ = [
    "UNDO_FOR",
    "Oriented",
    "Terms",
    "Undone",
    "add_walk_in",
    "cancel_session",
    "change_session",
    "count_heads",
    "create_campaign",
    "declare",
    "edit_campaign",
    "hold_session",
    "mark_left",
    "may_be_oriented",
    "note_follow_up",
    "orient",
    "plan_session",
    "remove",
    "reopen_session",
    "restore",
    "set_result",
    "undo_orient",
]
