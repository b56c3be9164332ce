"""Prints a campaign's funnel: each stage with its count and its outcomes, unknown included."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allervers.programmes import queries, wording
from allervers.programmes.models import Action


class Command(BaseCommand):
    help = "L’entonnoir d’une campagne, en texte ou en JSON ; --list les nomme."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="l’adresse courte de la campagne")
        parser.add_argument("--list", action="store_true", help="nomme les campagnes")
        parser.add_argument("--json", action="store_true", help="en JSON")
        parser.add_argument("--network", help="l’adresse courte du réseau, s’il y en a plusieurs")

    def handle(self, *args: Any, **options: Any) -> None:
        campaigns = Action.objects.select_related("network")
        if options["network"]:
            campaigns = campaigns.filter(network__slug=options["network"])
        if options["list"] or not options["slug"]:
            self._list(list(campaigns.order_by("network__slug", "-year", "slug")), as_json=options["json"])
            return
        found = list(campaigns.filter(slug=options["slug"]).order_by("network__slug"))
        if not found:
            raise CommandError(f"Aucune campagne « {options['slug']} » : --list nomme celles qui existent.")
        if len(found) > 1:
            names = ", ".join(one.network.slug for one in found)
            raise CommandError(f"Plusieurs réseaux ont cette campagne ({names}) : ajoutez --network.")
        data = queries.funnel_data(found[0])
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) if options["json"] else _text(data))

    def _list(self, campaigns: list[Action], *, as_json: bool) -> None:
        rows = [
            {"slug": one.slug, "name": one.name, "year": one.year, "form": one.form, "network": one.network.slug}
            for one in campaigns
        ]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            self.stdout.write(f"{row['slug']}\t{row['year']}\t{row['form']}\t{row['network']}\t{row['name']}")


def _text(data: dict[str, Any]) -> str:
    sessions = data["sessions"]
    planned = wording.span(sessions["planned"]["min"], sessions["planned"]["max"])
    held = wording.number(sessions["held"])
    lines = [f"{data['name']} ({data['year']})", f"séances prévues : {planned} ; tenues : {held}", ""]
    for stage in data["stages"]:
        lines.append(f"{wording.number(stage['count'], stage.get('precision', 'exact'))} {stage['label']}")
        for one in stage["outcomes"]:
            if one["count"] or one["name"] == "unknown":
                count = wording.number(one["count"], one.get("precision", "exact"))
                lines.append(f"    {count:>14}  {one['label']}")
    for rate in data["rates"]:
        lines.append(_rate_text(rate))
    delay = data["delay"]
    if delay.get("declared_mean_weeks"):
        lines.append(
            f"délai moyen annoncé : {wording.number(delay['declared_mean_weeks'], delay['precision'])} semaines"
        )
    elif delay.get("mean_weeks") is not None:
        lines.append(f"délai moyen des {delay['served']} vues : {delay['mean_weeks']:g} semaines".replace(".", ","))
    unknown = data["unknown"]
    most = unknown["max"] if isinstance(unknown, dict) else unknown
    lines.append(f"fin inconnue : {wording.number(most, 'at_most' if isinstance(unknown, dict) else 'exact')}")
    return "\n".join(lines)


def _rate_text(rate: dict[str, Any]) -> str:
    if "candidates" in rate:
        found = ", ".join(f"{one['numerator']} sur {one['denominator']}" for one in rate["candidates"])
        base = "base inconnue" if rate["base_unknown"] else f"base {rate['base']}"
        return f"{rate['name']} : {rate['declared_percent']:g} %, {base} ; possibles : {found}"
    if rate["value"] is None:
        return f"{rate['name']} : 0 sur 0"
    bounds = f"entre {rate['low']:.0%} et {rate['high']:.0%}" if rate["unknown"] else "sans inconnue"
    return f"{rate['name']} : {rate['numerator']} sur {rate['denominator']} ({rate['value']:.0%}), {bounds}"
