"""Brings an installation up to date in one process: tables, static files, and its first network.

Usage: prepare.py demonstration|association. Doing it again changes nothing and takes about two seconds.
"""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "demonstration.txt"
sys.path.insert(0, str(ROOT))


def main(kind: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    _collect_static()
    if kind == "demonstration":
        _demonstrate()
    else:
        _begin()


def _collect_static() -> None:
    """Only when a file has changed: compressing them all takes seconds."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            seen.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / "collected.txt"
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen.hexdigest())


def _demonstrate() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from allervers.accounts.models import Membership, Network

    mark = Path(settings.DATA_DIR) / MARK
    if not Network.objects.exists():
        mark.write_text("Données inventées : rien ici ne concerne personne.\n")
        print("Chargement de la démonstration (une seule fois)…", flush=True)
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA synchronous=OFF")  # this connection only: it can be loaded again
        call_command("load_demonstration")
    elif not mark.exists():
        sys.exit(
            f"{settings.DATA_DIR} contient une vraie installation : la démonstration ne s’y ouvre pas. "
            "Choisissez un autre dossier par la variable ALLERVERS_DATA, ou lancez make start."
        )
    print("\nConnexions de la démonstration (le code s’affiche à l’écran, sans courriel) :")
    shown = set()
    for row in Membership.objects.active().select_related("user", "organisation").order_by("starts_at", "id"):
        if row.role not in shown:
            shown.add(row.role)
            print(f"  {row.user.email:42} {row.get_role_display()}, {row.organisation.name}")


def _begin() -> None:
    """The first network, from NETWORK and EMAIL, or asked at the keyboard."""
    from django.core.management import call_command

    from allervers.accounts.models import Network

    if Network.objects.exists():
        return
    name, email = os.environ.get("NETWORK", ""), os.environ.get("EMAIL", "")
    if sys.stdin.isatty():
        name = name or input("Nom de votre réseau ou association : ").strip()
        email = email or input("Votre adresse de courriel : ").strip()
    if not name or not email:
        sys.exit(
            "Il manque le nom du réseau et l’adresse de sa première coordinatrice. Lancez :\n"
            '  make start NETWORK="Réseau santé de …" EMAIL=vous@exemple.fr'
        )
    call_command("create_network", name, coordinator=email)


if __name__ == "__main__":
    main(sys.argv[1])
