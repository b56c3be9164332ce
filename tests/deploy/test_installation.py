"""A city's installation, as `deploy/` describes it: its units, its proxy with TLS, its nightly backup and its restore."""

import json
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.deploy.installation import ROOT, UNITS, Installation, free_port, postgres_database
from tests.deploy.people import FILL, SIGN_IN

pytestmark = pytest.mark.slow
ROLE = "allervers_web_deployed"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """PostgreSQL with both roles, web and worker as the units start them, nothing in front yet."""
    folder = tmp_path_factory.mktemp("city")
    with postgres_database() as owner_url:
        made = Installation(folder, owner_url, {"ALLERVERS_HTTPS": "1", "PUBLIC_URL": "https://localhost"})
        made.prepare()
        made.python(FILL)
        made.manage("collectstatic", "--noinput", "-v", "0")
        base = owner_url.rpartition("/")[0]
        with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP ROLE IF EXISTS {ROLE}")
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")
        made.manage("secure_database", "--role", ROLE)
        made.database_url = owner_url.replace("//allervers@", f"//{ROLE}@")
        made.extra["WEB_SOCKET"] = f"127.0.0.1:{made.port}"
        try:
            made.start("aller-vers-web.service", "aller-vers-worker.service")
            made.wait_until_it_answers()
            yield made
        finally:
            made.stop()
            made.database_url = owner_url
            made.manage(
                "shell",
                "--no-imports",
                "-c",
                f"""
from django.db import connection
connection.cursor().execute("DROP OWNED BY {ROLE}")
connection.cursor().execute("DROP ROLE {ROLE}")
""",
            )


@pytest.fixture(scope="module")
def proxy(city: Installation) -> Iterator[str]:
    """nginx with our configuration, its names and paths replaced, TLS under a certificate of the day."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("needs nginx and openssl: make test installs them")
    folder = city.folder / "nginx"
    folder.mkdir()
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost "
        "-addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    plain, secure = free_port(), free_port()
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    for ours, theirs in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "server_name sante.exemple.fr;": "server_name localhost;",
        "/etc/letsencrypt/live/sante.exemple.fr/fullchain.pem": str(folder / "cert.pem"),
        "/etc/letsencrypt/live/sante.exemple.fr/privkey.pem": str(folder / "key.pem"),
        "unix:/run/aller-vers/web.sock": f"127.0.0.1:{city.port}",
        "/var/log/nginx/": f"{folder}/",
        "/var/lib/aller-vers/static/": f"{city.folder}/static/",
    }.items():
        assert ours in site
        site = site.replace(ours, theirs)
    (folder / "site.conf").write_text(site)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if Path("/proc/self").owner() == "root" else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        f"events {{}} http {{ include /etc/nginx/mime.types; {temporary} include {folder}/site.conf; }}"
    )
    process = subprocess.Popen([nginx, "-e", f"{folder}/start.log", "-c", f"{folder}/nginx.conf"])
    try:
        _wait_for(f"https://localhost:{secure}/sante/", folder)
        yield f"https://localhost:{secure}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str, folder: Path) -> None:
    for _ in range(100):
        try:
            _get(url, folder)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError((folder / "start.log").read_text())


def _get(url: str, nginx: Path, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, redirections not followed; the certificate is checked."""
    trusted = ssl.create_default_context(cafile=str(nginx / "cert.pem"))
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusted), _Stay)
    data = headers.pop("data", None)
    request = urllib.request.Request(url, headers=headers, data=data.encode() if data else None)
    try:
        with opener.open(request, timeout=20) as response:
            return response.status, dict(response.headers), response.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode(errors="replace")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/aller-vers/.venv/bin/python", "/usr/bin/env")
        (tmp_path / unit.name).write_text(text)

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))], capture_output=True, text=True
    )

    ours = [line for line in done.stderr.splitlines() if "aller-vers" in line]
    assert ours == []
    assert done.returncode == 0


def test_the_proxy_serves_health_and_sign_in_over_tls(city: Installation, proxy: str) -> None:
    nginx = city.folder / "nginx"

    status, headers, body = _get(f"{proxy}/sante/", nginx)
    assert (status, json.loads(body)["ok"]) == (200, True)
    assert headers["Strict-Transport-Security"].startswith("max-age=")

    status, headers, body = _get(f"{proxy}/compte/login/", nginx)
    assert status == 200
    assert "<form" in body
    assert "__Host-csrf" in headers["Set-Cookie"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]


def test_a_signed_in_page_and_its_style_come_through(city: Installation, proxy: str) -> None:
    nginx = city.folder / "nginx"
    key = city.python(SIGN_IN.format(who="coordinator")).rpartition("session:")[2]

    status, _, body = _get(f"{proxy}/compte/2fa/", nginx, Cookie=f"__Host-session={key}")
    assert status == 200
    style = body.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    status, headers, _ = _get(f"{proxy}{style}", nginx)

    assert status == 200
    assert headers["Content-Type"].startswith("text/css")


def test_sheets_are_asked_for_at_a_person_s_pace(city: Installation, proxy: str) -> None:
    nginx = city.folder / "nginx"

    asked = [_get(f"{proxy}/porte/nulle-part/fr/comprendre/eau/carte.pdf", nginx)[0] for _time in range(40)]
    pages = [_get(f"{proxy}/porte/nulle-part/fr/comprendre/eau/", nginx)[0] for _time in range(40)]

    assert set(asked[:20]) == {404} and 429 in asked  # a shelf is printed at once, not a thousand addresses
    assert set(pages) == {404}


def test_no_log_keeps_a_link_a_question_or_an_address(city: Installation, proxy: str) -> None:
    nginx = city.folder / "nginx"
    secret = "Wm9yZ2xvdWItdGhlLXRva2Vu"

    for path in (f"/r/{secret}/", f"/d/{secret}/", f"/studio/{secret}/", f"/absente/?q={secret}", "/sante/"):
        _get(f"{proxy}{path}", nginx, **{"User-Agent": secret})

    kept = "".join(path.read_text() for path in nginx.glob("*.log")) + city.logs()
    assert " GET /sante/ 200 " in kept
    assert secret not in kept
    assert "127.0.0.1 " not in (nginx / "aller-vers.log").read_text()


def test_a_file_too_large_gets_a_sentence(city: Installation, proxy: str) -> None:
    status, _, body = _get(f"{proxy}/compte/login/", city.folder / "nginx", data="x" * 63_000_000)

    assert status == 413
    assert "dépasse 50 Mo" in body


def test_a_stopped_site_gets_a_sentence(city: Installation, proxy: str) -> None:
    city.stop()
    try:
        status, headers, body = _get(f"{proxy}/sante/", city.folder / "nginx")
    finally:
        city.start("aller-vers-web.service", "aller-vers-worker.service")
        city.wait_until_it_answers()

    assert (status, headers["Retry-After"]) == (503, "30")
    assert "Rien de ce qui a été enregistré n’est perdu" in body


def test_the_site_under_its_own_role_sees_no_card_outside_a_request(city: Installation) -> None:
    seen = city.python(
        "from allervers.people.models import PersonCard\n"
        "from allervers.accounts import rowlock\n"
        "everyone = PersonCard.objects.count()\n"
        "rowlock.enter(None)\n"
        "print('seen:', everyone, PersonCard.objects.count())"
    )

    assert seen.endswith("seen: 3 0")
