#!/bin/sh
# Installs or upgrades Aller-vers on a Debian server, as root, from the checked-out version: sh deploy/install.sh
# Running it again changes nothing that is in place: keys, environment files and data are never written over.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
code=/opt/aller-vers
data=/var/lib/aller-vers
settings=/etc/aller-vers

[ "$(id -u)" = 0 ] || { echo "Lancez cette commande en root." >&2; exit 1; }

echo "1. Paquets du système"
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    python3 python3-venv postgresql postgresql-client nginx-light openssl rsync

echo "2. Compte et dossiers"
id allervers >/dev/null 2>&1 || useradd --system --home-dir "$data" --shell /usr/sbin/nologin allervers
install -d -o root -g allervers -m 0750 "$settings"
install -d -o allervers -g allervers -m 0755 "$data"
install -d -o allervers -g allervers -m 0700 "$data/keys"
install -d -o allervers -g allervers -m 0700 /var/backups/aller-vers
[ -e "$settings/environment" ] || install -o root -g allervers -m 0640 "$here/deploy/environment.example" "$settings/environment"

echo "3. Base de données : un rôle qui possède, un rôle de tous les jours"
as_postgres() { runuser -u postgres -- psql -qX -v ON_ERROR_STOP=1 "$@"; }
for role in allervers_owner allervers_web; do
    [ "$(as_postgres -tAc "SELECT 1 FROM pg_roles WHERE rolname = '$role'")" = 1 ] ||
        as_postgres -c "CREATE ROLE $role LOGIN"
done
[ "$(as_postgres -tAc "SELECT 1 FROM pg_database WHERE datname = 'allervers'")" = 1 ] ||
    as_postgres -c "CREATE DATABASE allervers OWNER allervers_owner ENCODING 'UTF8' TEMPLATE template0"
# The system account may enter under both names through the local socket, and nobody else: no password to keep.
version=$(ls /etc/postgresql | sort -n | tail -1)
rules=/etc/postgresql/$version/main
if ! grep -q '^allervers ' "$rules/pg_ident.conf"; then
    printf 'allervers allervers allervers_owner\nallervers allervers allervers_web\n' >>"$rules/pg_ident.conf"
    sed -i '1i local allervers all peer map=allervers' "$rules/pg_hba.conf"
    systemctl reload postgresql || pg_ctlcluster "$version" main reload
fi

run() { # as the system account, with the installation's variables
    (cd "$code" && set -a && . "$settings/environment" && set +a && runuser -u allervers -- "$@")
}
as_owner() {
    (cd "$code" && set -a && . "$settings/environment" && set +a &&
        DATABASE_URL=postgres://allervers_owner@%2Fvar%2Frun%2Fpostgresql/allervers runuser -u allervers -- "$@")
}

if [ -x "$code/.venv/bin/python" ] && [ -e "$data/keys/master.key" ]; then
    echo "4. Sauvegarde d’avant la mise à jour"
    run .venv/bin/python manage.py backup /var/backups/aller-vers || {
        echo "La sauvegarde a échoué : la mise à jour s’arrête là, rien n’a changé." >&2
        exit 1
    }
fi

echo "5. Programme"
systemctl stop aller-vers-worker aller-vers-web 2>/dev/null || true
install -d -m 0755 "$code"
[ "$here" = "$code" ] || rsync -a --delete --exclude=/.git --exclude=/.venv --exclude=/var "$here/" "$code/"
(cd "$code" && python3 scripts/install.py .venv run)

echo "6. Clés, tables, droits, fichiers"
run .venv/bin/python manage.py init_keys
as_owner .venv/bin/python manage.py migrate --verbosity 0
as_owner .venv/bin/python manage.py createcachetable
as_owner .venv/bin/python manage.py secure_database --role allervers_web
run .venv/bin/python manage.py collectstatic --noinput --verbosity 0

echo "7. Services"
install -m 0644 "$code"/deploy/systemd/* /etc/systemd/system/
[ -e /etc/nginx/sites-available/aller-vers ] || install -m 0644 "$code/deploy/nginx.conf" /etc/nginx/sites-available/aller-vers
systemctl daemon-reload
systemctl enable --now aller-vers-web aller-vers-worker aller-vers-backup.timer aller-vers-verify.timer

cat <<'NEXT'
Fait. La première fois, il reste à :
  - remplir /etc/aller-vers/environment (adresse, courriel), puis : systemctl restart aller-vers-web aller-vers-worker
  - mettre le nom et le certificat dans /etc/nginx/sites-available/aller-vers, le lier dans sites-enabled, recharger nginx
  - partager la clé maîtresse en trois parts : voir « La clé » dans docs/operations.md
  - créer le réseau : voir « Le premier réseau » dans docs/operations.md
NEXT
