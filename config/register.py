"""The whole field register: each app's own `register.MODELS`, and the tables of third parties."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings

from allervers.core.register import BASIS_LEGAL, BASIS_LEGITIMATE, Field, Level, Model

_STAFF = "la personne elle-même, à travers sa session"

THIRD_PARTY: dict[str, Model] = {
    "account.EmailAddress": Model(
        purpose="Adresse de connexion d’un membre des équipes, telle que la connexion par code la vérifie.",
        basis=BASIS_LEGITIMATE,
        level=Level.INTERNAL,
        retention="avec le compte : 12 mois après le départ",
        readers="le programme",
        erasure="rien : ne concerne que les équipes",
        fields={"email": Field(Level.PERSONAL, "envoyer le code de connexion", _STAFF)},
    ),
    "account.EmailConfirmation": Model(
        purpose="Vérification d’une adresse de connexion ; aucune n’est demandée, la table reste vide.",
        basis=BASIS_LEGITIMATE,
        level=Level.INTERNAL,
        retention="table vide",
        readers="le programme",
        erasure="rien : table vide",
    ),
    "mfa.Authenticator": Model(
        purpose="Second facteur d’un membre des équipes : secret TOTP, clés d’accès, codes de secours.",
        basis=BASIS_LEGAL,
        level=Level.INTERNAL,
        retention="avec le compte, ou jusqu’à son retrait par la personne",
        readers="le programme",
        erasure="rien : ne concerne que les équipes",
        fields={"data": Field(Level.IDENTITY, "vérifier le second facteur ; secrets chiffrés", "le programme seul")},
    ),
    "sessions.Session": Model(
        purpose="Sessions ouvertes : qui est connecté sur quel poste.",
        basis=BASIS_LEGITIMATE,
        level=Level.INTERNAL,
        retention="12 heures",
        readers="le programme",
        erasure="rien : ne contient aucune donnée d’une personne aidée",
        fields={"session_data": Field(Level.PERSONAL, "reconnaître qui est connecté", "le programme seul")},
    ),
    "contenttypes.ContentType": Model(
        purpose="Liste technique des tables.",
        basis=BASIS_LEGITIMATE,
        level=Level.PUBLIC,
        retention="sans limite",
        readers="le programme",
        erasure="rien : aucune donnée personnelle",
    ),
    "auth.Permission": Model(
        purpose="Table de Django que le programme n’utilise pas : les droits sont dans la table des accès.",
        basis=BASIS_LEGITIMATE,
        level=Level.PUBLIC,
        retention="sans limite",
        readers="le programme",
        erasure="rien : aucune donnée personnelle",
    ),
    "auth.Group": Model(
        purpose="Table de Django que le programme n’utilise pas.",
        basis=BASIS_LEGITIMATE,
        level=Level.PUBLIC,
        retention="table vide",
        readers="le programme",
        erasure="rien : table vide",
    ),
}
# A table without a model: the cache holds counters of sign-in attempts, by address and by account, for some minutes.
WITHOUT_MODEL: dict[str, Model] = {
    "cache": Model(
        purpose="Compteurs d’essais de connexion, pour freiner qui devine.",
        basis=BASIS_LEGITIMATE,
        level=Level.INTERNAL,
        retention="quelques minutes",
        readers="le programme",
        erasure="rien : aucune donnée d’une personne aidée",
        fields={"cache_key": Field(Level.PERSONAL, "compter les essais d’une adresse", "le programme seul")},
    ),
}


@lru_cache(maxsize=1)
def collected() -> dict[str, Model]:
    """Every line, by the model's label ("people.PersonCard")."""
    lines = dict(THIRD_PARTY)
    for name in settings.LOCAL_APPS:
        if find_spec(f"{name}.register"):
            label = apps.get_app_config(name.rsplit(".", 1)[1]).label
            models = import_module(f"{name}.register").MODELS
            lines |= {f"{label}.{model.removeprefix(f'{label}.')}": line for model, line in models.items()}
    return lines


def labels() -> set[str]:
    """The label of every table that has a model."""
    return {model._meta.label for model in apps.get_models(include_auto_created=False)}
