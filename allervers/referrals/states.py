"""Where an answer takes a referral: one table, read by every channel. Pure.

States and answers are the codes of `enums`. A row is a state, a column an answer; every sent state answers every answer, so
that a partner is never told "impossible": what is new moves the state, what is known already leaves it where it is.

- *Acknowledged* never takes back something better known.
- An appointment given to someone who already came is another visit: the state stays.
- A word that arrives after the team closed it as unknown counts: knowing late is better than not knowing.
- Leaving a known end (came, missed, declined, a result) for another one is an *amendment*, which someone must see; going
  from *came* to a result is not: it is the next step.
"""

DRAFTED, SENT, ACKNOWLEDGED, APPOINTMENT, MOVED = "drafted", "sent", "acknowledged", "appointment", "moved"
KEPT, CAME_NOT_SEEN, MISSED, RESULT, DECLINED, CLOSED = (
    "kept",
    "came_not_seen",
    "missed",
    "result",
    "declined",
    "closed",
)
STATES = (DRAFTED, SENT, ACKNOWLEDGED, APPOINTMENT, MOVED, KEPT, CAME_NOT_SEEN, MISSED, RESULT, DECLINED, CLOSED)
WAITING = frozenset({SENT, ACKNOWLEDGED, APPOINTMENT, MOVED})
KNOWN_ENDS = frozenset({KEPT, CAME_NOT_SEEN, MISSED, RESULT, DECLINED})

RESULTS = frozenset({"equipped", "treated", "granted"})
# Where an answer leads from any sent state, unless the exceptions below say otherwise.
_LEADS_TO = {
    "acknowledged": ACKNOWLEDGED,
    "appointment": APPOINTMENT,
    "moved": MOVED,
    "came": KEPT,
    "did_not_come": MISSED,
    "came_not_seen": CAME_NOT_SEEN,
    "declined_no_room": DECLINED,
    "declined_not_us": DECLINED,
    **dict.fromkeys(RESULTS, RESULT),
}
ANSWERS = frozenset(_LEADS_TO)
_STAYS = {
    "acknowledged": {APPOINTMENT, MOVED, *KNOWN_ENDS},
    "appointment": {KEPT, RESULT},
}


class NotSent(ValueError):
    """A draft has no answer."""


def after(state: str, answer: str) -> str:
    """The state once `answer` is heard. Raises `NotSent` for a draft, `KeyError` for an answer out of the closed list."""
    if state == DRAFTED:
        raise NotSent(state)
    return state if state in _STAYS.get(answer, ()) else _LEADS_TO[answer]


def table() -> dict[tuple[str, str], str]:
    """The whole table, for the documentation and its test."""
    return {(state, answer): after(state, answer) for state in STATES[1:] for answer in sorted(ANSWERS)}


def is_news(state: str, last: str, answer: str) -> bool:
    """Whether `answer` says something that `state`, reached by the answer `last`, does not."""
    target = after(state, answer)
    if target != state:
        return True
    return target in {RESULT, DECLINED} and answer != last and answer in _LEADS_TO and _LEADS_TO[answer] == target


def amends(state: str, last: str, answer: str) -> bool:
    """Whether hearing `answer` changes something the team took as known, so that a person must see it."""
    if not is_news(state, last, answer):
        return False
    if state == CLOSED:
        return True
    return state in KNOWN_ENDS and (state, after(state, answer)) != (KEPT, RESULT)
