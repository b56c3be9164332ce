"""States: a shape and a word; colour only agrees. One table, read by the `{% state %}` tag and by the gallery."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Look(NamedTuple):
    icon: str
    colour: str  # blue in hand, green done, yellow calls you, red late or refused, ash unknown or other
    word: str | Promise


REFERRAL = {
    "drafted": Look("s-draft", "ash", _("Brouillon")),
    "sent": Look("s-sent", "blue", _("Envoyée")),
    "acknowledged": Look("s-ack", "blue", _("Bien reçue")),
    "silent": Look("s-silent", "yellow", _("Sans réponse")),
    "chased": Look("s-silent", "yellow", _("Relancée")),
    "appointment": Look("s-appt", "blue", _("Rendez-vous fixé")),
    "came": Look("s-done", "green", _("Venu·e")),
    "kept": Look("s-done", "green", _("Venu·e")),
    "did_not_come": Look("s-missed", "red", _("Pas venu·e")),
    "missed": Look("s-missed", "red", _("Pas venu·e")),
    "moved": Look("s-moved", "yellow", _("Déplacé")),
    "came_not_seen": Look("s-notseen", "yellow", _("Venu·e, pas vu·e")),
    "refused": Look("s-refused", "red", _("Refusé")),
    "declined": Look("s-refused", "red", _("Refusée")),
    "declined_no_room": Look("s-refused", "red", _("Pas de place")),
    "declined_not_us": Look("s-refused", "red", _("Pas pour nous")),
    "undone": Look("undo", "ash", _("Réponse annulée")),
    "withdrawn": Look("s-no", "ash", _("Retirée")),
    "cancelled": Look("s-struck", "ash", _("Annulée")),
    "elsewhere": Look("s-away", "ash", _("Orientée ailleurs")),
    "result": Look("s-result", "green", _("Résultat connu")),
    "equipped": Look("s-result", "green", _("Équipé·e")),
    "treated": Look("s-result", "green", _("Soigné·e")),
    "granted": Look("s-result", "green", _("Accordé")),
    "unknown": Look("s-unknown", "ash", _("Inconnu")),
}
NEED = {
    "opened": Look("s-open", "blue", _("Ouvert")),
    "in_progress": Look("s-progress", "blue", _("En cours")),
    "due": Look("s-due", "yellow", _("À faire")),
    "late": Look("s-late", "red", _("En retard")),
    "closed": Look("s-done", "green", _("Clos")),
}
OUTCOME = {
    "solved": Look("s-done", "green", _("Réglé")),
    "solved_in_part": Look("s-part", "green", _("Réglé en partie")),
    "handed_over": Look("s-away", "blue", _("Passé à quelqu’un d’autre")),
    "no_help_possible": Look("s-none", "ash", _("Aucune aide possible")),
    "declined_by_person": Look("s-no", "ash", _("Refusé par la personne")),
    "declined_by_partner": Look("s-refused", "red", _("Refusé par le partenaire")),
    "unreachable": Look("s-unreachable", "red", _("Injoignable")),
    "moved_away": Look("s-away", "ash", _("A déménagé")),
    "deceased": Look("s-none", "ash", _("Décédé·e")),
    "duplicate": Look("s-twice", "ash", _("Doublon")),
    "entered_in_error": Look("s-struck", "ash", _("Noté par erreur")),
}
OTHER = {
    "said": Look("s-said", "blue", _("Dit")),
    "done": Look("s-done", "green", _("Fait")),
    "conform": Look("s-done", "green", _("Conforme")),
    "blocked": Look("s-blocked", "red", _("Bloqué")),
    "locked": Look("s-lock", "ash", _("Verrouillé")),
    "waiting": Look("s-due", "yellow", _("En attente")),
    "failed": Look("s-unreachable", "red", _("Pas parti")),
    "reached": Look("phone", "green", _("Jointe")),
    "no_answer": Look("s-silent", "yellow", _("Pas de réponse")),
    "voicemail": Look("s-said", "blue", _("Message laissé")),
    "wrong_number": Look("s-unreachable", "red", _("Mauvais numéro")),
    "note": Look("s-said", "ash", _("Note")),
    "seen": Look("s-done", "green", _("Vu·e")),
    "left": Look("s-notseen", "yellow", _("Parti·e sans être vu·e")),
    "nothing": Look("s-none", "green", _("Rien à faire")),
    "equipment": Look("s-progress", "blue", _("Équipement")),
    "urgent": Look("s-late", "red", _("À voir vite")),
}
LOOKS: dict[str, Look] = {**REFERRAL, **NEED, **OUTCOME, **OTHER}
