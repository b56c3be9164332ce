import io
from datetime import UTC, datetime

import pytest

from allervers.core import clock
from allervers.needs.models import Encounter, Need
from allervers.outbox.models import Message
from allervers.people.models import Receipt
from allervers.programmes import imports, queries
from allervers.programmes.columns import Why
from allervers.programmes.models import Action, Attendance
from allervers.referrals.models import Referral, ReturnList
from tests.cast import Cast

HEAD = "campagne;date_seance;pole;code;resultat;oriente_vers;accord;venue;suite;delai_semaines\n"
SLUG = "depistages-optiques-2026"


@pytest.fixture(autouse=True)
def _late_november() -> object:
    with clock.fixed(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        yield


def line(rest: str, hub: str = "Wazemmes") -> str:
    return f"{SLUG};01/09/2026;{hub};{rest}\n"


def load(cast: Cast, *lines: str, who: str = "mediator", check: bool = False) -> imports.Report:
    read = imports.check if check else imports.apply
    return read(io.BytesIO((HEAD + "".join(lines)).encode()), by=cast.viewer(who))


def funnel_line(campaign: Action) -> tuple[str, str, str]:
    from allervers.programmes.follow_up import line_of

    one = line_of(queries.loaded(Attendance.objects.all()).get())
    return one.orientation, one.answer, one.outcome


def test_line_with_agreement_becomes_a_referral_as_of_its_session(cast: Cast, campaign: Action) -> None:
    report = load(cast, line("Noyer 22;rdv;partenaire;oui;oui;équipé;6"))

    assert report.referrals == 1
    referral, attendance = Referral.objects.get(), Attendance.objects.get()
    assert (referral.state, referral.result) == ("result", "equipped")
    assert referral.sent_at == attendance.session.starts_at
    assert referral.first_seen_at and (referral.first_seen_at - referral.sent_at).days == 42
    assert referral.chase_at is None
    receipt = Receipt.objects.get()
    assert (receipt.mode, receipt.recipient, receipt.at) == ("paper", cast.hospital, attendance.session.starts_at)
    assert ReturnList.objects.get().lines.get().referral == referral
    assert (Need.objects.get().outcome, Encounter.objects.get().oriented) == ("solved", True)
    assert funnel_line(campaign) == ("partner", "came", "equipped")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("told", "state", "found"),
    [
        ("non;;", "missed", ("partner", "did_not_come", "")),
        ("déplacé;;", "moved", ("partner", "moved", "")),
        ("refusé;;", "declined", ("partner", "declined", "")),
        ("oui;;", "kept", ("partner", "came", "")),
        ("oui;rien;", "kept", ("partner", "came", "nothing")),
        ("oui;soigné;", "result", ("partner", "came", "treated")),
        ("inconnu;;", "closed", ("partner", "", "")),
        (";;", "sent", ("partner", "", "")),
    ],
)
def test_each_answer_of_a_file_is_the_partners(
    cast: Cast, campaign: Action, told: str, state: str, found: tuple[str, str, str]
) -> None:
    load(cast, line(f"Noyer 22;rdv;partenaire;oui;{told}"))

    referral = Referral.objects.get()
    assert (referral.state, referral.first_seen_at) == (state, None)
    assert funnel_line(campaign) == found


def test_same_file_twice_refers_nobody_again(cast: Cast, campaign: Action) -> None:
    load(cast, line("Noyer 22;rdv;partenaire;oui;oui;;6"))

    report = load(cast, line("Noyer 22;rdv;partenaire;oui;oui;;6"))

    assert (report.added, report.known) == (0, 1)
    assert Referral.objects.count() == Need.objects.count() == ReturnList.objects.count() == 1


def test_later_file_brings_the_answer(cast: Cast, campaign: Action) -> None:
    load(cast, line("Noyer 22;rdv;partenaire;oui;;;"))
    assert Need.objects.open().count() == 1

    report = load(cast, line("Noyer 22;rdv;partenaire;oui;oui;équipé;6"))

    assert (report.added, report.completed) == (0, 1)
    assert funnel_line(campaign) == ("partner", "came", "equipped")
    assert Need.objects.open().count() == 0
    clash = load(cast, line("Noyer 22;rdv;partenaire;oui;non;;"), check=True)
    assert [refusal.why for refusal in clash.refusals] == [Why.SAYS_OTHERWISE]


def test_agreement_needs_a_code_and_the_persons_own_hub(cast: Cast, campaign: Action) -> None:
    unnamed = load(cast, line(";rdv;partenaire;oui;;;"), check=True)
    by_the_city = load(cast, line("Noyer 22;rdv;partenaire;oui;;;"), who="coordinator", check=True)

    assert [refusal.why for refusal in unnamed.refusals] == [Why.AGREEMENT_WITHOUT_CODE]
    assert [refusal.why for refusal in by_the_city.refusals] == [Why.AGREEMENT_ELSEWHERE]


def test_line_without_agreement_refers_nobody(cast: Cast, campaign: Action) -> None:
    load(cast, line("Noyer 22;rdv;partenaire;;oui;équipé;6"))

    assert not Referral.objects.exists() and not Receipt.objects.exists()
    assert funnel_line(campaign) == ("partner", "came", "equipped")


def test_a_partner_must_be_known_before_anyone_is_referred(cast: Cast, campaign: Action) -> None:
    campaign.recipient = None
    campaign.save()

    report = load(cast, line("Noyer 22;rdv;partenaire;oui;;;"), check=True)

    assert [refusal.why for refusal in report.refusals] == [Why.NO_RECIPIENT]
