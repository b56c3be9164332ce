import subprocess
import sys
from pathlib import Path

import pytest

from scripts import install, launch, test_all


def test_demonstration_and_association_never_share_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALLERVERS_DATA", "ALLERVERS_DEMO", "MAIL_HOST"):
        monkeypatch.delenv(name, raising=False)

    shown, real = launch.environment("demonstration"), launch.environment("association")

    assert shown["ALLERVERS_DATA"] != real["ALLERVERS_DATA"]
    assert (shown["ALLERVERS_DEMO"], real["ALLERVERS_DEMO"]) == ("1", "0")


def test_a_real_installation_is_never_a_demonstration_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLERVERS_DEMO", "1")

    assert launch.environment("association")["ALLERVERS_DEMO"] == "0"


def test_codes_are_shown_on_the_terminal_only_without_a_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALLERVERS_CONSOLE_CODES", raising=False)
    monkeypatch.delenv("MAIL_HOST", raising=False)
    assert launch.environment("association")["ALLERVERS_CONSOLE_CODES"] == "1"

    monkeypatch.setenv("MAIL_HOST", "smtp.example.org")
    assert "ALLERVERS_CONSOLE_CODES" not in launch.environment("association")


def test_start_refuses_a_folder_of_the_demonstration(tmp_path: Path) -> None:
    (tmp_path / launch.MARK).write_text("")

    done = subprocess.run(
        [sys.executable, "scripts/launch.py", "association"],
        env={"ALLERVERS_DATA": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=launch.ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "contient une démonstration" in done.stderr


def test_only_a_marked_demonstration_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "allervers.sqlite3").write_text("real")
    launch._forget_demonstration(tmp_path)
    assert (tmp_path / "allervers.sqlite3").exists()

    (tmp_path / launch.MARK).write_text("")
    launch._forget_demonstration(tmp_path)
    assert not (tmp_path / "allervers.sqlite3").exists()


def test_the_installer_comes_from_the_lock_with_its_hashes() -> None:
    block = install._block("uv", (install.ROOT / "requirements/dev.txt").read_text())

    assert block.startswith("uv==")
    assert block.count("==") == 1
    assert "--hash=sha256:" in block


def test_both_locks_hash_every_package_and_name_no_host() -> None:
    for name in ("run", "dev"):
        text = (install.ROOT / f"requirements/{name}.txt").read_text()
        packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]

        assert len(packages) > 20
        assert all("==" in line and line.endswith("\\") for line in packages)
        assert "http" not in text


def test_an_installed_environment_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_make", lambda folder: pytest.fail("made again"))
    (tmp_path / "installed").write_text(install._dev_line())

    install.main(tmp_path, "dev")
    install.main(tmp_path, "run")


def test_what_a_machine_cannot_have_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(test_all, "_has", lambda name: name != "browser")
    monkeypatch.setattr(test_all, "_install", lambda packages: None)

    assert test_all.main() == 1

    assert 'make test WITHOUT="browser"' in capsys.readouterr().err
