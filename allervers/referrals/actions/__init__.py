"""Every write on referrals: sending and following them, hearing answers, lists and their links, reminders."""

from allervers.referrals.actions.answers import UNDO_FOR, Given, Heard, answer, mark_seen, undo
from allervers.referrals.actions.lists import (
    TRIES,
    check_code,
    make_list,
    new_code,
    note_opened,
    renew_link,
    revoke,
    send_link,
)
from allervers.referrals.actions.reminders import chase, remind_person, stop_chasing
from allervers.referrals.actions.sending import (
    cancel,
    close_unknown,
    draft,
    end_for_elsewhere,
    propose_again,
    refer_elsewhere,
    send,
    withdraw,
)
from allervers.referrals.actions.voice import ask_person, check_person, note_say, open_say_link

__all__ = [
    "TRIES",
    "UNDO_FOR",
    "Given",
    "Heard",
    "answer",
    "ask_person",
    "cancel",
    "chase",
    "check_code",
    "check_person",
    "close_unknown",
    "draft",
    "end_for_elsewhere",
    "make_list",
    "mark_seen",
    "new_code",
    "note_opened",
    "note_say",
    "open_say_link",
    "propose_again",
    "refer_elsewhere",
    "remind_person",
    "renew_link",
    "revoke",
    "send",
    "send_link",
    "stop_chasing",
    "undo",
    "withdraw",
]
