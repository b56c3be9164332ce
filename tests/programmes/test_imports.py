import gc
import io
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from allervers.core import clock
from allervers.journal.models import Event, ThreadLink
from allervers.needs.models import Encounter
from allervers.people.models import PersonCard
from allervers.programmes import actions, imports, template
from allervers.programmes.columns import COLUMNS, Why
from allervers.programmes.models import Action, Attendance, Session
from allervers.programmes.spreadsheet import Unreadable
from tests.cast import Cast

HEAD = "campagne;date_seance;pole;ref;code;sexe;age;langue;resultat;oriente_vers;venue;suite;delai_semaines\n"
SLUG = "depistages-optiques-2026"
THREE = (
    HEAD
    + f"{SLUG};02/11/2026;Wazemmes;1;Noyer 22;F;52;tamoul;rendez-vous;partenaire;oui;équipé;8\n"
    + f"{SLUG};02/11/2026;Wazemmes;2;;H;;;rien;;;;\n"
    + f"{SLUG};03/11/2026;Wazemmes;;;;;;parti;;;;\n"
)


@pytest.fixture(autouse=True)
def _late_november() -> object:
    with clock.fixed(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        yield


def file(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


def reasons(report: imports.Report) -> list[tuple[int, Why]]:
    return [(refusal.line, refusal.why) for refusal in report.refusals]


def refused(cast: Cast, *lines: str) -> list[tuple[int, Why]]:
    return reasons(imports.check(file(HEAD + "\n".join(lines)), by=cast.viewer("mediator")))


def test_import_writes_sessions_people_codes_and_visits(cast: Cast, campaign: Action) -> None:
    report = imports.apply(file(THREE), by=cast.viewer("mediator"))

    assert (report.lines, report.added, report.new_sessions) == (3, 3, 2)
    assert list(Session.objects.values_list("held", flat=True)) == [True, True]
    first, second, third = Attendance.objects.order_by("session__starts_at", "position")
    assert (first.stratum, first.sex, first.age_band, first.language) == ("coded", "woman", "45-64", "ta")
    assert (first.orientation, first.answer, first.outcome, first.delay_days) == ("partner", "came", "equipped", 56)
    assert (first.recipient, second.result, third.arrival) == (
        cast.hospital,
        "nothing",
        "left",
    )
    card = PersonCard.objects.get()
    assert (card.code, card.is_named, card.hub) == ("Noyer 22", False, cast.wazemmes)
    assert Encounter.objects.filter(mode="screening").count() == 2 == ThreadLink.objects.count()
    assert third.encounter is None
    assert Event.objects.filter(kind="session.imported").count() == 2


def test_same_file_twice_adds_nobody(cast: Cast, campaign: Action) -> None:
    by = cast.viewer("mediator")
    imports.apply(file(THREE), by=by)

    again = imports.apply(file(THREE), by=by)

    assert (again.added, again.known, again.refused) == (0, 3, 0)
    assert (Attendance.objects.count(), Session.objects.count(), Encounter.objects.count()) == (3, 2, 2)


def test_equal_lines_are_as_many_people(cast: Cast, campaign: Action) -> None:
    line = f"{SLUG};02/11/2026;Wazemmes;;;;;;rendez-vous;;;;\n"

    imports.apply(file(HEAD + line * 3), by=cast.viewer("mediator"))
    imports.apply(file(HEAD + line * 4), by=cast.viewer("mediator"))

    assert Attendance.objects.count() == 4


def test_dry_run_writes_nothing(cast: Cast, campaign: Action) -> None:
    report = imports.check(file(THREE), by=cast.viewer("mediator"))

    assert (report.added, report.sessions, report.refused) == (3, 2, 0)
    assert not Attendance.objects.exists() and not Session.objects.exists() and not PersonCard.objects.exists()


def test_one_refused_line_and_nothing_is_written(cast: Cast, campaign: Action) -> None:
    bad = THREE + f"{SLUG};03/11/2026;Wazemmes;9;;X!;;;;;;;\n"

    with pytest.raises(imports.NothingImported, match="1 ligne est refusée") as error:
        imports.apply(file(bad), by=cast.viewer("mediator"))

    assert str(error.value.report.refusals[0]).startswith("Ligne 5 : « X! » n’est pas compris pour le sexe.")
    assert not Attendance.objects.exists() and not Session.objects.exists() and not PersonCard.objects.exists()


def test_each_refused_line_says_why(cast: Cast, campaign: Action) -> None:
    found = refused(
        cast,
        "inconnue;02/11/2026;Wazemmes;;;;;;;;;;",
        f"{SLUG};22/11/2026;Wazemmes;;;;;;;;;;",
        f"{SLUG};02/11/2026;Moulins;;;;;;;;;;",
        f"{SLUG};02/11/2026;Nulle;;;;;;;;;;",
        f"{SLUG};02/11/2026;;;;;;;;;;;",
        f"{SLUG};02/11/2026;Wazemmes;7;;;;;;;;;",
        f"{SLUG};02/11/2026;Wazemmes;7;;;;;;;;;",
        f"{SLUG};02/11/2026;Wazemmes;;;;;;rdv;Clinique du coin;;;",
        f"{SLUG};02/11/2026;Wazemmes;;;;;;rien;partenaire;;;",
        f"{SLUG};02/11/2026;Wazemmes;;;;;;;;;;;;un reste",
    )

    assert found == [
        (2, Why.UNKNOWN_CAMPAIGN),
        (3, Why.FUTURE),
        (4, Why.OTHER_HUB),
        (5, Why.UNKNOWN_HUB),
        (6, Why.HUB_MISSING),
        (8, Why.TWICE),
        (9, Why.REFERRED_TO),
        (10, Why.CONTRADICTION),
        (11, Why.TOO_MANY_CELLS),
    ]


def test_line_with_a_reference_is_completed_by_a_later_file(cast: Cast, campaign: Action) -> None:
    by = cast.viewer("mediator")
    imports.apply(file(HEAD + f"{SLUG};02/11/2026;Wazemmes;1;;;;;rdv;partenaire;;;\n"), by=by)

    report = imports.apply(file(HEAD + f"{SLUG};02/11/2026;Wazemmes;1;;F;;;rdv;partenaire;oui;équipé;6\n"), by=by)

    assert (report.added, report.completed) == (0, 1)
    line = Attendance.objects.get()
    assert (line.sex, line.answer, line.outcome, line.delay_days) == ("woman", "came", "equipped", 42)


def test_line_that_says_otherwise_is_refused(cast: Cast, campaign: Action) -> None:
    by = cast.viewer("mediator")
    imports.apply(file(HEAD + f"{SLUG};02/11/2026;Wazemmes;1;;;;;rdv;partenaire;oui;;\n"), by=by)

    report = imports.check(file(HEAD + f"{SLUG};02/11/2026;Wazemmes;1;;;;;rdv;partenaire;non;;\n"), by=by)

    assert reasons(report) == [(2, Why.SAYS_OTHERWISE)]
    assert report.refusals[0].heading == "venue"


def test_code_of_someone_on_the_list_is_her_line(cast: Cast, session: Session) -> None:
    by, card = cast.viewer("mediator"), cast.card(named=False)
    actions.add_walk_in(session, card=card, by=by)

    report = imports.apply(file(HEAD + f"{SLUG};21/11/2026;Wazemmes;;{card.code};;;;rdv;;;;\n"), by=by)

    assert (report.added, report.completed) == (0, 1)
    assert Attendance.objects.get().result == "appointment"
    assert Encounter.objects.get().card == card


def test_session_not_held_or_counted_whole_takes_no_line(cast: Cast, session: Session) -> None:
    by = cast.viewer("mediator")
    actions.count_heads(session, count=12, by=by)
    assert refused(cast, f"{SLUG};21/11/2026;Wazemmes;;;;;;;;;;") == [(2, Why.COUNTED_WHOLE)]

    actions.count_heads(session, count=None, by=by)
    actions.cancel_session(session, by=by)
    assert refused(cast, f"{SLUG};21/11/2026;Wazemmes;;;;;;;;;;") == [(2, Why.NOT_HELD)]


def test_coordination_imports_every_hub(cast: Cast, campaign: Action) -> None:
    lines = "".join(f"{SLUG};02/11/2026;{hub};;;;;;rdv;;;;\n" for hub in ("Wazemmes", "Moulins", "Fives"))

    report = imports.apply(file(HEAD + lines), by=cast.viewer("coordinator"))

    assert report.added == 3
    assert set(Attendance.objects.values_list("organisation_id", flat=True)) == {
        cast.association.id,
        cast.other_association.id,
    }


def test_old_spreadsheet_encoding_and_commas_are_read(cast: Cast, campaign: Action) -> None:
    text = THREE.replace(";", ",").replace(",8\n", ",8\r\n")

    assert imports.check(file(text, "cp1252"), by=cast.viewer("mediator")).added == 3


def test_workbook_is_read_like_a_csv(cast: Cast, campaign: Action) -> None:
    book = openpyxl.Workbook()
    for line in THREE.strip().split("\n"):
        book.active.append(line.split(";"))
    packed = io.BytesIO()
    book.save(packed)

    assert imports.check(packed, by=cast.viewer("mediator")).added == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "vide"),
        (b"\x00\x01\x02", "ni un CSV ni un classeur"),
        (b"PK\x03\x04 broken", "abîmé"),
        (b"\xd0\xcf\x11\xe0 old", "ancien classeur"),
        (b"code;resultat\nx;y\n", "Il manque la colonne « campagne », « date_seance »"),
        (HEAD.encode(), "aucune ligne"),
        (b"campagne;date;date seance\n1;2;3\n", "deux fois"),
    ],
)
def test_unreadable_file_says_what_to_do(cast: Cast, campaign: Action, content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        imports.check(io.BytesIO(content), by=cast.viewer("mediator"))


def test_refused_file_is_let_go_without_a_word_on_the_console(
    cast: Cast, campaign: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda caught: unheard.append(caught.exc_value))
    file = io.BytesIO(b"code;resultat\nx;y\n")

    try:
        imports.check(file, by=cast.viewer("mediator"))
    except Unreadable:
        file.close()  # as the end of a request does, while the refusal is still held
    gc.collect()

    assert unheard == []


def test_workbook_broken_far_below_says_what_to_do(cast: Cast, campaign: Action) -> None:
    book, packed, cut = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for line in THREE.splitlines():
        book.active.append(line.split(";"))
    book.save(packed)
    with zipfile.ZipFile(packed) as whole, zipfile.ZipFile(cut, "w") as part:
        for name in whole.namelist():
            text = whole.read(name)
            part.writestr(name, text.replace(b"</sheetData>", b"<row r=") if "sheet1" in name else text)

    with pytest.raises(Unreadable, match="abîmé"):
        imports.check(cut, by=cast.viewer("mediator"))


def test_template_is_understood_whole(cast: Cast, campaign: Action, tmp_path: Path) -> None:
    call_command("import_screening", template=tmp_path / "modele.xlsx", verbosity=0)
    sheet = openpyxl.load_workbook(tmp_path / "modele.xlsx").worksheets[0]

    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS]
    assert template.csv_bytes().decode("utf-8-sig").strip().split(";") == [column.heading for column in COLUMNS]


def test_command_imports_for_the_coordination_unless_told(
    cast: Cast, campaign: Action, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(THREE.replace("sexe", "nationalité"))

    with pytest.raises(CommandError, match="--network"):
        call_command("import_screening", path)
    call_command("import_screening", path, "--network", "lille", "--dry-run")
    assert "Essai à blanc : 3 lignes, 2 séances ; 3 personnes ajoutées" in (told := capsys.readouterr().out)
    assert "« nationalité » laissée de côté sans être lue" in told
    assert not Attendance.objects.exists()

    call_command("import_screening", path, "--network", "lille", "--by", "mediator@example.org")
    assert Attendance.objects.count() == 3


def test_command_explains_refused_lines(
    cast: Cast, campaign: Action, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(HEAD + f"{SLUG};02/13/2026;Wazemmes;;;;;;;;;;\n")

    with pytest.raises(CommandError, match="Rien n’a été enregistré"):
        call_command("import_screening", path, "--network", "lille")

    assert "Ligne 2 : « 02/13/2026 » n’est pas une date." in capsys.readouterr().err
    with pytest.raises(CommandError, match="ne s’ouvre pas"):
        call_command("import_screening", tmp_path / "absent.csv", "--network", "lille")


@pytest.mark.slow
def test_fifty_megabytes_stream(cast: Cast, campaign: Action) -> None:
    import tracemalloc

    line = f"{SLUG};02/11/2026;Wazemmes;;;F;52;tamoul;rendez-vous;ailleurs;;;" + " " * 800 + "\n"
    big = file(HEAD + line * 60_000)
    assert len(big.getbuffer()) > 50_000_000
    tracemalloc.start()

    report = imports.check(big, by=cast.viewer("mediator"))

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.added == 60_000
    assert peak < 60_000_000
