"""For each address with arguments, how to build the object that a call is about, in a position.

A factory takes a `Position` (its `hub`, `organisation`, `membership`, `viewer`, and `cast`) and returns the address's
arguments. Build the row where the position is, in a state in which the call would succeed. One section a noun.
"""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator

from allervers.accounts.enums import Role
from allervers.accounts.models import ExceptionalAccess, Membership, Organisation, User
from allervers.core import clock, ids
from allervers.directory import actions as directory
from allervers.directory.enums import Commitment
from allervers.directory.models import Upload
from allervers.needs import sealing
from allervers.needs.enums import Category, Reach, RequestState
from allervers.needs.models import Encounter, HandOver, HelpRequest
from allervers.needs.wishes import When, Wish
from allervers.outbox import actions as outbox
from allervers.outbox.models import Message as Sending
from allervers.outbox.models import State
from allervers.people import actions as people
from allervers.people.enums import ReceiptKind
from allervers.prevention import actions as prevention
from allervers.programmes import actions as programmes
from allervers.programmes.enums import ActionKind
from allervers.programmes.enums import Form as ProgrammeForm
from allervers.programmes.models import Action, Session
from allervers.referrals import actions as referrals
from allervers.referrals import links
from allervers.referrals.enums import AnswerBy, AnswerKind
from allervers.referrals.models import Referral, ReturnList
from tests import access_voices
from tests.access_voices import published as _message
from tests.access_walk import Factory, Position
from tests.referrals.scene import agree, need_of

FACTORIES: dict[str, Factory] = dict(access_voices.FACTORIES)


def builds(*names: str) -> Any:
    """Registers a factory for one or several addresses."""

    def register(factory: Factory) -> Factory:
        for name in names:
            FACTORIES[name] = factory
        return factory

    return register


# --- sign-in and oneself ---------------------------------------------------------------------------------------------


@builds("account_confirm_email")
def _email_key(position: Position) -> dict[str, Any]:
    return {"key": "key"}


@builds("account_reset_password_from_key")
def _reset_key(position: Position) -> dict[str, Any]:
    return {"uidb36": "1", "key": "key"}


@builds("mfa_remove_webauthn", "mfa_edit_webauthn")
def _someones_security_key(position: Position) -> dict[str, Any]:
    row = Authenticator.objects.create(
        user=position.membership.user, type=Authenticator.Type.WEBAUTHN, data={"name": "clé", "credential": {}}
    )
    return {"pk": row.pk}


# --- the residents' app ----------------------------------------------------------------------------------------------


@builds("public:languages", "public:worker")
def _street(position: Position) -> dict[str, Any]:
    return {"slug": position.hub.network.slug}


@builds(
    "public:home",
    "public:about",
    "public:understand",
    "public:young",
    "public:find",
    "public:areas",
    "public:ask",
    "public:request",
    "public:speak",
)
@builds("public:manifest", "public:offline", "public:shelf", "public:statement", "public:pack", "public:pack_download")
def _reader(position: Position) -> dict[str, Any]:
    return {"slug": position.hub.network.slug, "reader": "fr"}


@builds("public:message", "public:misunderstood", "public:tally", "public:poster", "public:card")
def _read_message(position: Position) -> dict[str, Any]:
    return _reader(position) | {"name": _message(position).slug}


@builds("public:places", "public:closed")
def _sign(position: Position) -> dict[str, Any]:
    return _reader(position) | {"sign": "tooth"}


@builds("public:short")
def _short_link(position: Position) -> dict[str, Any]:
    return {"code": _message(position).code}


@builds("public:short_in")
def _short_link_in_a_language(position: Position) -> dict[str, Any]:
    return _short_link(position) | {"reader": "ar"}


@builds("workspace:message", "workspace:message_edit", "workspace:message_publish", "workspace:message_withdraw")
def _written_message(position: Position) -> dict[str, Any]:
    return {"pk": _message(position).pk}


@builds("workspace:message_segment", "workspace:message_verdict")
def _sentence(position: Position) -> dict[str, Any]:
    return _written_message(position) | {"position": 1}


@builds("workspace:message_language")
def _language_of_a_message(position: Position) -> dict[str, Any]:
    return _written_message(position) | {"code": "ar"}


@builds("workspace:interface_language")
def _interface(position: Position) -> dict[str, Any]:
    return {"code": "es"}


@builds("workspace:misunderstanding_seen")
def _misunderstanding(position: Position) -> dict[str, Any]:
    segment = _message(position).segments.get(position=1)
    return {"pk": prevention.note_misunderstanding(segment, language="ar").pk}


# --- persons ---------------------------------------------------------------------------------------------------------


@builds(
    "workspace:person",
    "workspace:person_edit",
    "workspace:person_follow_up",
    "workspace:person_receipt",
    "workspace:person_reads",
    "workspace:person_export",
    "workspace:person_erase",
)
def _person(position: Position) -> dict[str, Any]:
    return {"pk": position.cast.card(position.hub).pk}


@builds("workspace:receipt", "workspace:receipt_withdraw")
def _agreement(position: Position) -> dict[str, Any]:
    card = position.cast.card(position.hub)
    return {"pk": people.record_agreement(card, kind=ReceiptKind.REMINDERS, by=position.viewer).pk}


@builds("workspace:card_link_decide")
def _card_link(position: Position) -> dict[str, Any]:
    one, other = (position.cast.card(position.hub) for _ in range(2))
    return {"pk": people.propose_link(one, other=other, by=position.viewer).pk}


# --- partner's pages -------------------------------------------------------------------------------------------------


@builds("partner:list", "partner:answers")
def _return_link(position: Position) -> dict[str, Any]:
    return {"token": links.token_of(_return_list(position))}


@builds("partner:sent", "partner:undo")
def _return_submission(position: Position) -> dict[str, Any]:
    made = _return_list(position)
    line = made.lines.select_related("referral").get()
    given = [referrals.Given(line.referral_id, AnswerKind.CAME)]
    heard = referrals.answer(given, by=None, channel=AnswerBy.LINK, operation=str(made.pk), return_list=made)
    assert heard.submission is not None
    return {"token": links.token_of(made), "pk": heard.submission.pk}


@builds("public:say")
def _say_link(position: Position) -> dict[str, Any]:
    return {"token": referrals.open_say_link(_referral(position), by=None).rstrip("/").rsplit("/", 1)[1]}


# --- referrals, return lists -----------------------------------------------------------------------------------------


@builds(
    "workspace:referral",
    "workspace:referral_answer",
    "workspace:referral_say",
    "workspace:referral_elsewhere",
)
def _sent_referral(position: Position) -> dict[str, Any]:
    return {"pk": _referral(position).pk}


@builds("workspace:referral_send")
def _draft_referral(position: Position) -> dict[str, Any]:
    need = need_of(position.cast, hub=position.hub)
    recipient = _referral(position).recipient
    return {"pk": referrals.draft(need, by=position.viewer, recipient=recipient).pk}


@builds("workspace:referral_new")
def _need_to_refer(position: Position) -> dict[str, Any]:
    return {"need": need_of(position.cast, hub=position.hub).pk}


@builds("workspace:referral_step")
def _referral_to_close(position: Position) -> dict[str, Any]:
    return {"pk": _referral(position).pk, "verb": "clore"}


@builds("workspace:referral_undo")
def _answered_referral(position: Position) -> dict[str, Any]:
    referral = _referral(position)
    given = [referrals.Given(referral.pk, AnswerKind.CAME)]
    referrals.answer(given, by=None, channel=AnswerBy.LINK, operation=str(referral.pk))
    return {"pk": referral.pk}


@builds("workspace:amendment_seen")
def _amendment(position: Position) -> dict[str, Any]:
    referral = _referral(position)
    for kind in (AnswerKind.CAME, AnswerKind.DID_NOT_COME):
        given = [referrals.Given(referral.pk, kind)]
        heard = referrals.answer(given, by=None, channel=AnswerBy.LINK, operation=f"{referral.pk}{kind}")
    return {"pk": heard.answers[0].pk}


@builds(
    "workspace:return_list",
    "workspace:return_list_link",
    "workspace:return_list_code",
    "workspace:return_list_revoke",
    "workspace:return_list_sheet",
)
def _list_of_one(position: Position) -> dict[str, Any]:
    return {"pk": _return_list(position).pk}


@builds("workspace:keying_undo")
def _keyed_submission(position: Position) -> dict[str, Any]:
    return {"pk": _return_submission(position)["pk"]}


@builds("workspace:sending_retry")
def _message_given_up(position: Position) -> dict[str, Any]:
    message = outbox.mail(
        to="a@example.org", subject="", text="", purpose="test", network=position.organisation.network_id
    )
    assert message is not None
    Sending.objects.filter(pk=message.pk).update(state=State.FAILED)
    return {"pk": message.pk}


def _referral(position: Position) -> Referral:
    """One that left for the hospital of the position's network, with its agreement."""
    recipient, _made = Organisation.objects.get_or_create(
        network=position.organisation.network, slug="opital", defaults={"name": "Hôpital"}
    )
    need = need_of(position.cast, hub=position.hub)
    assert need.card is not None
    agree(need.card, recipient)
    return referrals.send(
        referrals.draft(need, by=position.viewer, recipient=recipient), by=position.viewer, tell=False
    )


def _return_list(position: Position) -> ReturnList:
    referral = _referral(position)
    return referrals.make_list(referral.recipient, [referral], by=position.viewer)


# --- the house -------------------------------------------------------------------------------------------------------


@builds("workspace:figures_export")
def _a_kind_of_spreadsheet(position: Position) -> dict[str, Any]:
    return {"kind": "csv"}


# --- today, encounters, needs, hand-overs ----------------------------------------------------------------------------


@builds("workspace:encounter_undo")
def _an_encounter(position: Position) -> dict[str, Any]:
    row = Encounter.objects.create(
        network=position.hub.network, organisation=position.organisation, hub=position.hub, by=position.membership
    )
    return {"pk": row.pk}


@builds(
    "workspace:need",
    "workspace:need_next",
    "workspace:need_contact",
    "workspace:need_close",
    "workspace:need_reopen",
    "workspace:need_obstacle",
    "workspace:need_hand_over",
    "workspace:need_says",
)
def _a_need(position: Position) -> dict[str, Any]:
    return {"pk": position.need().pk}


@builds("workspace:needs_export")
def _a_list_and_its_format(position: Position) -> dict[str, Any]:
    return {"what": "besoins", "kind": "csv"}


@builds("workspace:hand_over_answer")
def _a_hand_over_to_that_hub(position: Position) -> dict[str, Any]:
    row = HandOver.objects.create(
        network=position.hub.network,
        organisation=position.organisation,
        hub=position.hub,
        need=position.need(),
        category=Category.EYES,
    )
    return {"pk": row.pk}


@builds("workspace:request_voice")
def _a_request_that_was_said(position: Position) -> dict[str, Any]:
    row = HelpRequest.objects.get(**_a_request_in_quarantine(position))
    row.voice, row.voice_seconds = sealing.seal_voice(row, b"OggS"), 1
    row.save()
    return {"pk": row.pk}


@builds("workspace:request_decide")
def _a_request_in_quarantine(position: Position) -> dict[str, Any]:
    row = HelpRequest.objects.create(
        network=position.hub.network,
        organisation=position.organisation,
        hub=position.hub,
        wish=Wish.MEAL,
        when=When.SOON,
        reach=Reach.CODE,
        language="fr",
        state=RequestState.QUARANTINED,
        code_digest=ids.new_id().hex,
        promised_by=clock.now(),
    )
    return {"pk": row.pk}


# --- my post, the team, exceptional access, the journal --------------------------------------------------------------


@builds("workspace:membership_edit", "workspace:membership_end")
def _a_volunteer(position: Position) -> dict[str, Any]:
    user = User.objects.create_user("someone@example.org")
    membership = Membership.objects.create(
        user=user,
        network=position.hub.network,
        organisation=position.organisation,
        hub=position.hub,
        role=Role.VOLUNTEER,
    )
    return {"membership_id": membership.id}


@builds("workspace:exceptional_end")
def _an_open_access(position: Position) -> dict[str, Any]:
    access = ExceptionalAccess.objects.create(
        network=position.hub.network,
        organisation=position.organisation,
        membership=position.membership,
        hub=position.hub,
        reason="Remplacement de midi",
    )
    return {"access_id": access.id}


# --- screenings, funnels ---------------------------------------------------------------------------------------------


def _campaign_of(position: Position, form: ProgrammeForm = ProgrammeForm.LINES) -> Action:
    terms = programmes.Terms(f"Campagne {position.hub.slug}", ActionKind.OPTICAL, 2026)
    return programmes.create_campaign(position.organisation.id, terms=terms, form=form, by=position.viewer)


def _session_of(position: Position) -> Session:
    campaign = _campaign_of(position)
    return programmes.plan_session(campaign, hub=position.hub, starts_at=clock.now(), by=position.viewer)


@builds(
    "workspace:screening_campaign",
    "workspace:screening_campaign_edit",
    "workspace:screening_session_new",
    "workspace:funnel",
    "workspace:funnel_rows",
)
def _campaign(position: Position) -> dict[str, Any]:
    return {"slug": _campaign_of(position).slug}


@builds("workspace:funnel_export")
def _export(position: Position) -> dict[str, Any]:
    return {"slug": _campaign_of(position).slug, "kind": "csv"}


@builds("workspace:screening_declare")
def _past_campaign(position: Position) -> dict[str, Any]:
    return {"slug": _campaign_of(position, ProgrammeForm.DECLARED).slug}


@builds(
    "workspace:screening_session",
    "workspace:screening_session_edit",
    "workspace:screening_state",
    "workspace:screening_follow_up",
    "workspace:screening_print",
    "workspace:screening_arrival",
    "workspace:screening_orient",
)
def _session(position: Position) -> dict[str, Any]:
    return {"pk": _session_of(position).pk}


@builds("workspace:screening_line")
def _line(position: Position) -> dict[str, Any]:
    return {"pk": programmes.add_walk_in(_session_of(position), by=position.viewer).pk}


@builds("workspace:screening_template")
def _template(position: Position) -> dict[str, Any]:
    return {"kind": "csv"}


# --- directory -------------------------------------------------------------------------------------------------------


@builds(
    "workspace:directory_organisation",
    "workspace:organisation_edit",
    "workspace:organisation_close",
    "workspace:place_new",
    "workspace:partnership_new",
)
def _partner(position: Position) -> dict[str, Any]:
    return {"pk": position.organisation.pk}


@builds("workspace:place_edit", "workspace:place_close", "workspace:closure_new", "workspace:service_new")
def _place(position: Position) -> dict[str, Any]:
    return {"pk": directory.create_place(position.organisation, by=position.viewer, values={"name": "Lieu"}).pk}


@builds("workspace:closure_remove")
def _closure(position: Position) -> dict[str, Any]:
    place = directory.create_place(position.organisation, by=position.viewer, values={"name": "Lieu"})
    day = date(2026, 8, 1)
    return {"pk": directory.close_for_a_while(place, by=position.viewer, starts_on=day, ends_on=day).pk}


@builds("workspace:service_edit", "workspace:service_close", "workspace:service_checked")
def _service(position: Position) -> dict[str, Any]:
    place = directory.create_place(position.organisation, by=position.viewer, values={"name": "Lieu"})
    return {"pk": directory.create_service(place, by=position.viewer, values={"name": "Offre"}).pk}


@builds("workspace:partnership_edit")
def _partnership(position: Position) -> dict[str, Any]:
    signed = directory.sign_partnership(
        position.organisation, by=position.viewer, commitment=Commitment.PROJECTS, starts_on=date(2026, 1, 1)
    )
    return {"pk": signed.pk}


@builds("workspace:directory_import", "workspace:directory_import_apply")
def _upload(position: Position) -> dict[str, Any]:
    network = position.organisation.network
    return {"pk": Upload.objects.create(network=network, membership=position.membership, name="a.csv", size=1).pk}


@builds("workspace:directory_export")
def _export_kind(position: Position) -> dict[str, Any]:
    return {"kind": "json"}


from tests import access_helping  # noqa: E402, F401  # registers its own, once `builds` is there
