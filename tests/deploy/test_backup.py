"""A night's backup put back on another machine, on both databases; an association's move to PostgreSQL."""

import shutil
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.deploy.installation import Installation, postgres_database
from tests.deploy.people import FILL

pytestmark = pytest.mark.slow

TOLD = """
from allervers.journal.models import Event
from allervers.people.models import PersonCard
from allervers.people import vault
names = sorted(vault.identity(card)["last_name"] for card in PersonCard.objects.all())
macs = list(Event.objects.order_by("network_id", "seq").values_list("mac", flat=True))
print("told:", names, len(macs), macs[-1])
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Filled once; each test works on a copy."""
    with postgres_database() if request.param == "postgresql" else nullcontext("") as url:
        made = Installation(tmp_path_factory.mktemp(request.param) / "model", url)
        made.prepare()
        made.python(FILL)
        yield made


@pytest.fixture
def installation(model: Installation, tmp_path: Path) -> Iterator[Installation]:
    name = model.database_url.rpartition("/")[2]
    with postgres_database(name) if name else nullcontext("") as url:
        yield model.copy(tmp_path / "first", url)


@pytest.fixture
def elsewhere(installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    """Another machine, with the same key put back from its parts, and nothing else."""
    with postgres_database() if installation.database_url else nullcontext("") as url:
        other = Installation(tmp_path / "second", url)
        parts = tmp_path / "parts"
        installation.manage("escrow_key", "--split", str(parts))
        other.manage("escrow_key", "--rebuild", *map(str, sorted(parts.iterdir())[:2]))
        other.manage("init_keys")
        yield other


def _backup(installation: Installation) -> Path:
    folder = installation.folder / "backups"
    installation.manage("backup", str(folder))
    return next(folder.iterdir())


def test_a_backup_comes_back_whole_on_another_machine(installation: Installation, elsewhere: Installation) -> None:
    voice = installation.data / "media" / "aa.ogg"
    voice.parent.mkdir(exist_ok=True)
    voice.write_bytes(b"a voice")
    backup = _backup(installation)

    said = elsewhere.manage("restore", str(backup))

    assert (elsewhere.data / "media" / "aa.ogg").read_bytes() == b"a voice"

    assert elsewhere.python(TOLD).splitlines()[-1] == installation.python(TOLD).splitlines()[-1]
    assert "remise en place" in said
    assert elsewhere.manage("verify_journal")


def test_what_came_after_the_backup_is_gone_and_said(installation: Installation) -> None:
    backup = _backup(installation)
    before = installation.python(TOLD).splitlines()[-1]
    installation.python(
        "from tests.deploy.people import MORE\nexec(MORE)\n"
        "from django.core.management import call_command\ncall_command('anchor_journal')"
    )
    assert installation.python(TOLD).splitlines()[-1] != before

    assert "ajoutez --replace" in installation.manage("restore", str(backup), check=False)
    said = installation.manage("restore", str(backup), "--replace")

    assert installation.python(TOLD).splitlines()[-1] == before
    assert "une restauration a été déclarée" in said


def test_who_was_erased_since_is_erased_again(installation: Installation, elsewhere: Installation) -> None:
    backup = _backup(installation)
    told = installation.python(
        "from allervers.people.actions import erase_card\n"
        "from allervers.people.models import PersonCard\n"
        "from allervers.people import vault\n"
        "card = PersonCard.objects.order_by('pk').first()\n"
        "print('name:' + vault.identity(card)['last_name'])\n"
        "erase_card(card, by=None)"
    )
    name = told.rpartition("name:")[2].strip()
    held = "\nprint([vault.identity(c).get('last_name') for c in PersonCard.objects.all() if c.wrapped_key])"
    read = "from allervers.people.models import PersonCard\nfrom allervers.people import vault" + held
    assert name not in installation.python(read)

    elsewhere.manage("restore", str(backup))
    assert name in elsewhere.python(read)  # another machine that never heard of the erasure
    shutil.copy(installation.data / "erasures.log", elsewhere.data / "erasures.log")

    for machine in (installation, elsewhere):
        machine.manage("restore", str(backup), "--replace")
        assert name not in machine.python(read)
        assert "Qzx" in machine.python(read)


def test_a_backup_of_before_a_rotation_comes_back_until_its_key_is_destroyed(installation: Installation) -> None:
    backup = _backup(installation)
    names = installation.python(TOLD).splitlines()[-1].partition("]")[0]
    installation.manage("rotate_master_key")
    parts = installation.folder / "parts"
    installation.manage("escrow_key", "--split", str(parts))

    installation.manage("restore", str(backup), "--replace")
    assert installation.python(TOLD).splitlines()[-1].startswith(names)
    assert "détruite" not in installation.manage("backup", str(installation.folder / "backups"))
    assert "1 ancienne(s) clé(s) maîtresse(s) détruite(s)" in installation.manage(
        "backup", str(installation.folder / "others"), "--keep", "0"
    )

    assert "une détruite" in installation.manage("restore", str(backup), "--replace", check=False)
    assert installation.python(TOLD).splitlines()[-1].startswith(names)
    assert installation.manage("verify_journal")
    assert installation.manage("escrow_key", "--check", *map(str, sorted(parts.iterdir())[:2]))


@pytest.mark.parametrize("step", ["master.partial", "master-*T*.key", "replaced", "later"])
def test_a_rotation_killed_at_any_moment_leaves_an_installation_that_opens(
    installation: Installation, step: str
) -> None:
    told = installation.python(TOLD).splitlines()[-1]
    folder = installation.folder / "keys"
    before = (folder / "master.key").read_text()
    with installation.running("rotate_master_key") as rotation:
        while rotation.poll() is None:
            if any(folder.glob(step)) or (
                step in ("replaced", "later") and (folder / "master.key").read_text() != before
            ):
                time.sleep(0.004 if step == "later" else 0)
                rotation.kill()
                break
    rotation.wait()

    assert installation.python(TOLD).splitlines()[-1].split("]")[0] == told.split("]")[0]
    assert installation.manage("verify_journal")
    installation.manage("rotate_master_key")
    installation.manage("backup", str(installation.folder / "backups"), "--keep", "0")
    assert [path.name for path in folder.glob("master*")] == ["master.key"]
    assert installation.python(TOLD).splitlines()[-1].split("]")[0] == told.split("]")[0]
    assert installation.manage("verify_journal")


def test_a_backup_holds_neither_a_key_nor_a_readable_word(installation: Installation) -> None:
    backup = _backup(installation)

    whole = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())

    key = (installation.folder / "keys" / "master.key").read_text().strip()
    assert key.encode() not in whole
    assert bytes.fromhex(key) not in whole
    assert b"mediator@example.org" not in whole


@pytest.mark.parametrize("harm", ["another key", "cut", "altered"])
def test_a_backup_that_cannot_be_trusted_changes_nothing(installation: Installation, harm: str) -> None:
    backup = _backup(installation)
    before = installation.python(TOLD).splitlines()[-1]
    database = backup / "database.sealed"
    if harm == "another key":
        shutil.copy(installation.folder / "keys" / "master.key", installation.folder / "right.key")
        (installation.folder / "keys" / "master.key").write_text("22" * 32)
    elif harm == "cut":
        database.write_bytes(database.read_bytes()[:-1000])
    else:
        changed = bytearray(database.read_bytes())
        changed[len(changed) // 2] ^= 1
        database.write_bytes(bytes(changed))

    said = installation.manage("restore", str(backup), "--replace", check=False)

    assert "abîmée" in said
    if harm == "another key":
        shutil.copy(installation.folder / "right.key", installation.folder / "keys" / "master.key")
    assert installation.python(TOLD).splitlines()[-1] == before


def test_an_association_moves_to_postgresql_with_its_journal(tmp_path: Path) -> None:
    with postgres_database() as url:
        small = Installation(tmp_path / "small")
        small.prepare()
        small.python(FILL)
        small.manage("anchor_journal")
        before = small.python(TOLD).splitlines()[-1]

        said = small.manage("move_database", "--to", url)
        again = small.manage("move_database", "--to", url, check=False)
        small.database_url = url

        assert "le journal est intact" in said
        assert "contient déjà un réseau" in again
        assert small.python(TOLD).splitlines()[-1] == before
        assert "0 pas encore ancrés" in small.manage("verify_journal")
        small.python("from tests.deploy.people import MORE\nexec(MORE)")  # new rows: sequences go on
        assert small.python(TOLD).splitlines()[-1] != before
