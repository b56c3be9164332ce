"""What a backup is: a folder of sealed files, written whole or not at all. The master key is never in it.

    aller-vers-20261121T020000/
        database.sealed   pg_dump's custom format, or an SQLite file
        files.sealed      a tar of the voices and videos
        papers.sealed     JSON: what was counted, the anchors of the journal, the list of erasures

Sealed under a key derived from the master key: whoever steals the folder reads nothing, whoever restores needs the key.
"""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction

from allervers.accounts import backup_files
from allervers.core import archive, crypto, keys

_PREFIX, _PURPOSE = "aller-vers-", "backup"
_DATABASE, _FILES, _PAPERS = "database.sealed", "files.sealed", "papers.sealed"


class CannotRestore(Exception):
    """The folder is no backup, is damaged, or the database refused; the sentence says which."""


@dataclass(frozen=True)
class Papers:
    """What travels beside the database, and what must be found again after a restore."""

    at: str
    engine: str  # sqlite or postgresql
    counts: dict[str, int]  # rows by table
    anchors: str
    erasures: str


def write(folder: Path, at: datetime) -> Path:
    """A new backup in `folder`, read back once before it counts as one. Raises `OSError`, `CalledProcessError`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{_PREFIX}{at:%Y%m%dT%H%M%S}"
    partial, key = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder)), crypto.derive(keys.master(), _PURPOSE)
    try:
        with (partial / _DATABASE).open("wb") as sealed:
            counts = (_dump_postgresql if connection.vendor == "postgresql" else _dump_sqlite)(partial, sealed, key)
            os.fsync(sealed.fileno())
        with (partial / _FILES).open("wb") as sealed:  # after the database: no row of it lacks its file
            backup_files.seal(partial, sealed, key)
            os.fsync(sealed.fileno())
        papers = Papers(
            at.isoformat(), connection.vendor, counts, _text(settings.ANCHOR_FILE), _text(settings.ERASURE_FILE)
        )
        with (partial / _PAPERS).open("wb") as sealed:
            archive.seal(key, io.BytesIO(json.dumps(asdict(papers)).encode()), sealed)
            os.fsync(sealed.fileno())
        for file in (_DATABASE, _FILES, _PAPERS):
            with (partial / file).open("rb") as written:
                for _piece in archive.pieces(key, written):
                    pass
        return partial.rename(folder / name)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def forget_older(folder: Path, at: datetime, *, days: int) -> int:
    """Removes the backups older than `days`, never the newest one; returns how many."""
    limit = f"{_PREFIX}{at - timedelta(days=days):%Y%m%dT%H%M%S}"
    old = [path for path in sorted(folder.glob(f"{_PREFIX}*"))[:-1] if path.name < limit]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def papers_of(backup: Path) -> Papers:
    """Raises `CannotRestore`."""
    return Papers(**json.loads(_opened(backup)[1]))


def put_back(backup: Path, papers: Papers) -> None:
    """The database as it was, in place of this one. Raises `CannotRestore` and leaves this one as it was."""
    if papers.engine != connection.vendor:
        raise CannotRestore(
            f"Cette sauvegarde vient de {papers.engine}, cette installation utilise {connection.vendor} : "
            "restaurez-la sous son moteur, puis déplacez-la avec manage.py move_database."
        )
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as scratch:
        plain = Path(scratch) / "database"
        try:
            key = _opened(backup)[0]
            with (backup / _DATABASE).open("rb") as sealed, plain.open("wb") as opened:
                archive.unseal(key, sealed, opened)
            backup_files.put_back(backup, _FILES, key, Path(scratch))
        except (archive.Damaged, FileNotFoundError) as error:
            raise CannotRestore(f"{backup} est abîmée : prenez une autre sauvegarde.") from error
        connection.close()
        if connection.vendor == "postgresql":
            _load_postgresql(plain)
        else:
            _load_sqlite(plain)
    _keep_longest(Path(settings.ANCHOR_FILE), papers.anchors)
    _keep_longest(Path(settings.ERASURE_FILE), papers.erasures)


def _opened(backup: Path) -> tuple[bytes, bytes]:
    """The key that opens a backup, the one in use or a former one, and its papers. Raises `CannotRestore`."""
    try:
        sealed = (backup / _PAPERS).read_bytes()
    except FileNotFoundError as error:
        raise CannotRestore(f"{backup} n’est pas une sauvegarde : il y manque {_PAPERS}.") from error
    for master in (keys.master(), *(one.key for one in keys.former())):
        key, plain = crypto.derive(master, _PURPOSE), io.BytesIO()
        with suppress(archive.Damaged):
            archive.unseal(key, io.BytesIO(sealed), plain)
            return key, plain.getvalue()
    raise CannotRestore(f"{backup} est abîmée, ou scellée sous une clé qui n’est pas ici : une autre, ou une détruite.")


def counted(tables: list[str]) -> dict[str, int]:
    """Rows by table, all networks together."""
    counts = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # names from the schema
            counts[table] = int(cursor.fetchone()[0])
    return counts


def _dump_sqlite(scratch: Path, sealed: BinaryIO, key: bytes) -> dict[str, int]:
    """SQLite's online backup: writers go on meanwhile, the copy is of one moment."""
    copy = scratch / "copy"
    target = sqlite3.connect(copy)
    connection.ensure_connection()
    connection.connection.backup(target)
    names = [row[0] for row in target.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {
        name: int(target.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608  # names from the schema
        for name in names
        if not name.startswith("sqlite_")
    }
    target.close()
    with copy.open("rb") as plain:
        archive.seal(key, plain, sealed)
    copy.unlink()
    return counts


def _dump_postgresql(_scratch: Path, sealed: BinaryIO, key: bytes) -> dict[str, int]:
    """pg_dump of the same snapshot as the counts, straight into the sealed file."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = counted(connection.introspection.table_names(cursor))
        command = [_program("pg_dump"), "--format=custom", "--enable-row-security", f"--snapshot={snapshot}"]
        with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE) as dump:  # noqa: S603  # ours
            assert dump.stdout is not None
            archive.seal(key, dump.stdout, sealed)  # type: ignore[arg-type]  # a pipe reads like a file
        if dump.returncode:
            raise subprocess.CalledProcessError(dump.returncode, "pg_dump")
    return counts


def _load_sqlite(plain: Path) -> None:
    """In place of the present file, which is kept under another name."""
    path = Path(str(connection.settings_dict["NAME"]))
    if path.exists():
        kept = path.with_name(f"{path.name}.before-restore")
        kept.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as present, closing(sqlite3.connect(kept)) as copy:
            present.backup(copy)
        kept.chmod(0o600)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    plain.chmod(0o600)
    plain.replace(path)


def _load_postgresql(plain: Path) -> None:
    """In one transaction: the database is as before, or as in the backup, whatever tables it had."""
    script, empty = plain.with_name("script.sql"), plain.with_name("empty.sql")
    empty.write_text("SET client_min_messages = warning;\nDROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n")
    # Owners and rights belong to this installation: `secure_database` gives them again.
    _run("pg_restore", "--no-owner", "--no-privileges", "--enable-row-security", f"--file={script}", str(plain))
    _run("psql", "-qX", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-f", str(empty), "-f", str(script))


def _run(program: str, *arguments: str) -> None:
    command = [_program(program), *arguments]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True)  # noqa: S603  # ours
    if done.returncode:
        raise CannotRestore(f"PostgreSQL a refusé la sauvegarde ; la base est comme avant.\n{done.stderr[-2000:]}")


def _environment() -> dict[str, str]:
    """How PostgreSQL's programs connect: never on a command line, which others could read."""
    told: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    chosen = {variable: str(told[name]) for variable, name in names.items() if told.get(name)}
    return os.environ | chosen | {"PGOPTIONS": "-c allervers.everything=on"}  # past the second lock


def _program(name: str) -> str:
    """PostgreSQL's program, the newest installed: it must not be older than the server."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} : installez le paquet postgresql-client.")
    return found


def _keep_longest(path: Path, saved: str) -> None:
    """Files to which lines are only added: the one here, if it goes on from the saved one, knows more."""
    if saved and (not path.exists() or not path.read_text().startswith(saved)):
        present = path.read_text() if path.exists() else ""
        missing = [line for line in present.splitlines() if line not in set(saved.splitlines())]
        fresh = path.with_name(path.name + ".restored")
        fresh.unlink(missing_ok=True)
        keys.write_secret(fresh, "\n".join([*saved.splitlines(), *missing]))
        fresh.replace(path)


def _text(path: object) -> str:
    file = Path(str(path))
    return file.read_text() if file.exists() else ""
