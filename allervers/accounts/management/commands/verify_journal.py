"""Verifies the journal against the anchors kept outside the database; says what does not hold. Exit code 1 on a fault."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from allervers.accounts.models import Network
from allervers.journal import anchors
from allervers.journal.verification import Verdict, networks, sentence, verify


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--network", metavar="SLUG", help="one network only")
        parser.add_argument("--json", action="store_true", help="the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchored = anchors.read()
        except anchors.UnreadableAnchor as error:
            place = {"line": error.line, "path": anchors.path()}
            words = _(
                "La ligne %(line)s du fichier d’ancrage %(path)s n’est pas lisible : elle a été modifiée ou abîmée."
            )
            raise CommandError(words % place) from error
        names = {network.id: network.slug for network in Network.objects.all()}
        wanted = networks(anchored)
        if options["network"]:
            if options["network"] not in names.values():
                raise CommandError(_("Aucun réseau ne s’appelle « %(slug)s ».") % {"slug": options["network"]})
            wanted = [network_id for network_id in wanted if names.get(network_id) == options["network"]]
        verdicts = [verify(network_id, anchored.get(str(network_id), [])) for network_id in wanted]
        holds = all(verdict.holds for verdict in verdicts)
        if options["json"]:
            told = [{"network": names.get(verdict.network_id, ""), **verdict.as_json()} for verdict in verdicts]
            self.stdout.write(json.dumps({"ok": holds, "networks": told}, ensure_ascii=False, indent=1))
        else:
            for verdict in verdicts:
                self._tell(names.get(verdict.network_id) or str(verdict.network_id), verdict)
            if not verdicts:
                self.stdout.write(_("Le journal est vide : rien à vérifier."))
        if not holds:
            sys.exit(1)

    def _tell(self, name: str, verdict: Verdict) -> None:
        for fault in verdict.faults:
            self.stderr.write(f"{name} : {sentence(fault)}")
        for seq in verdict.restores:
            self.stdout.write(
                _("%(name)s : une restauration a été déclarée ; ce qui suivait l’événement %(seq)s a été perdu.")
                % {"name": name, "seq": seq}
            )
        state = _("intact") if verdict.holds else _("ROMPU")
        self.stdout.write(
            _(
                "%(name)s : %(state)s, %(events)s événements, prouvés jusqu’au %(anchored)s ; "
                "%(unproven)s pas encore ancrés, donc non prouvés."
            )
            % {
                "name": name,
                "state": state,
                "events": verdict.events.lines,
                "anchored": verdict.events.anchored_to,
                "unproven": verdict.events.unproven,
            }
        )
        self.stdout.write(
            _("%(name)s : %(reads)s lectures d’identité, dont %(unproven)s pas encore ancrées.")
            % {"name": name, "reads": verdict.reads.lines, "unproven": verdict.reads.unproven}
        )
