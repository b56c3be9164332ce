"""Who may call which address with which method: one table, enforced before each view and walked by a test.

A cell says for which rows: `-` none; `*` no row is involved, or any; else letters among `h` (own hub), `o` (a sister hub
of the same organisation), `n` (another organisation of the same network), `m` (a row of one's own, such as a security
key), `p` (a partner's own structure, for its members). Another network's rows are never reached. Hubs are seen from where
the cast stands, in Wazemmes.
An address without a line answers nobody. Row by row, the scoped fetchers of each app's `rules.py` hold the letters.
"""

from dataclasses import dataclass

from allervers.accounts.enums import Role

_COLUMNS = [
    "anyone",
    "coordinator",
    "hub_lead",
    "mediator",
    "ambassador",
    "volunteer",
    "member",
    "auditor",
    "technical",
]

# One section a noun. Columns as above; methods joined by a comma share a line.
_TABLE = """
address                          methods   anyone  coord  lead  medi  amba  volu  memb  audi  tech

# sign-in and oneself
account_login                    GET,POST    *       *      *     *     *     *     *     *     *
account_logout                   GET,POST    *       *      *     *     *     *     *     *     *
account_confirm_login_code       GET,POST    *       *      *     *     *     *     *     *     *
account_request_login_code       GET,POST    *       *      *     *     *     *     *     *     *
account_reauthenticate           GET,POST    -       *      *     *     *     *     *     *     *
account_inactive                 GET         *       *      *     *     *     *     *     *     *
mfa_authenticate                 GET,POST    *       *      *     *     *     *     *     *     *
mfa_reauthenticate               GET,POST    -       *      *     *     *     *     *     *     *
mfa_trust                        GET,POST    *       *      *     *     *     *     *     *     *
mfa_login_webauthn               GET,POST    *       *      *     *     *     *     *     *     *
mfa_index                        GET         -       *      *     *     *     *     *     *     *
mfa_activate_totp                GET,POST    -       *      *     *     *     *     *     *     *
mfa_deactivate_totp              GET,POST    -       *      *     *     *     *     *     *     *
mfa_add_webauthn                 GET,POST    -       *      *     *     *     *     *     *     *
mfa_list_webauthn                GET         -       *      *     *     *     *     *     *     *
mfa_edit_webauthn                GET,POST    -       m      m     m     m     m     m     m     m
mfa_remove_webauthn              GET,POST    -       m      m     m     m     m     m     m     m
mfa_reauthenticate_webauthn      GET,POST    -       *      *     *     *     *     *     *     *
mfa_view_recovery_codes          GET         -       *      *     *     *     *     *     *     *
mfa_generate_recovery_codes      GET,POST    -       *      *     *     *     *     *     *     *
mfa_download_recovery_codes      GET         -       *      *     *     *     *     *     *     *
set_language                     POST        *       *      *     *     *     *     *     *     *
# shipped with the sign-in library; nobody has a password here, nor signs up
account_signup                   GET         -       -      -     -     -     -     -     -     -
account_email                    GET         -       -      -     -     -     -     -     -     -
account_email_verification_sent  GET         -       -      -     -     -     -     -     -     -
account_confirm_email            GET         -       -      -     -     -     -     -     -     -
account_change_password          GET         -       -      -     -     -     -     -     -     -
account_set_password             GET         -       -      -     -     -     -     -     -     -
account_reset_password           GET         -       -      -     -     -     -     -     -     -
account_reset_password_done      GET         -       -      -     -     -     -     -     -     -
account_reset_password_from_key  GET         -       -      -     -     -     -     -     -     -
account_reset_password_from_key_done GET     -       -      -     -     -     -     -     -     -

# the house
components:gallery               GET         *       *      *     *     *     *     *     *     *
public:health                    GET         *       *      *     *     *     *     *     *     *

# the residents' app, and what is passed from hand to hand
public:networks                  GET         *       *      *     *     *     *     *     *     *
public:languages                 GET         *       *      *     *     *     *     *     *     *
public:home                      GET         *       *      *     *     *     *     *     *     *
public:about                     GET         *       *      *     *     *     *     *     *     *
public:statement                 GET         *       *      *     *     *     *     *     *     *
public:understand                GET         *       *      *     *     *     *     *     *     *
public:message                   GET         *       *      *     *     *     *     *     *     *
public:misunderstood             POST        *       *      *     *     *     *     *     *     *
public:tally                     POST        *       *      *     *     *     *     *     *     *
public:young                     GET         *       *      *     *     *     *     *     *     *
public:poster                    GET         *       *      *     *     *     *     *     *     *
public:card                      GET         *       *      *     *     *     *     *     *     *
public:find                      GET         *       *      *     *     *     *     *     *     *
public:areas                     GET         *       *      *     *     *     *     *     *     *
public:places                    GET,POST    *       *      *     *     *     *     *     *     *
public:closed                    POST        *       *      *     *     *     *     *     *     *
public:worker                    GET         *       *      *     *     *     *     *     *     *
public:manifest                  GET         *       *      *     *     *     *     *     *     *
public:offline                   GET         *       *      *     *     *     *     *     *     *
public:pack                      GET         *       *      *     *     *     *     *     *     *
public:pack_download             GET         *       *      *     *     *     *     *     *     *
public:shelf                     GET         *       *      *     *     *     *     *     *     *
public:ask                       GET,POST    *       *      *     *     *     *     *     *     *
public:speak                     GET,POST    *       *      *     *     *     *     *     *     *
public:request                   GET,POST    *       *      *     *     *     *     *     *     *
public:sound                     GET         *       *      *     *     *     *     *     *     *
public:film                      GET         *       *      *     *     *     *     *     *     *
public:help                      GET,POST    *       *      *     *     *     *     *     *     *
public:help_thanks               GET         *       *      *     *     *     *     *     *     *
public:agenda                    GET         *       *      *     *     *     *     *     *     *
public:event                     GET         *       *      *     *     *     *     *     *     *
public:feed                      GET         *       *      *     *     *     *     *     *     *
public:short                     GET         *       *      *     *     *     *     *     *     *
public:short_in                  GET         *       *      *     *     *     *     *     *     *

# the recording studio, by a link and its code
public:studio                    GET,POST    *       *      *     *     *     *     *     *     *
public:studio_sentence           GET,POST    *       *      *     *     *     *     *     *     *
public:studio_piece              GET,POST    *       *      *     *     *     *     *     *     *
public:studio_verdict            POST        *       *      *     *     *     *     *     *     *
public:studio_listen             GET         *       *      *     *     *     *     *     *     *
public:studio_film               GET,POST    *       *      *     *     *     *     *     *     *
public:studio_film_piece         GET,POST    *       *      *     *     *     *     *     *     *
public:studio_film_verdict       POST        *       *      *     *     *     *     *     *     *
public:studio_film_watch         GET         *       *      *     *     *     *     *     *     *

# the voices of messages: they belong to the whole network
workspace:voices                 GET         -       hon    hon   hon   -     -     -     -     -
workspace:voice_invite           POST        -       hon    hon   hon   -     -     -     -     -
workspace:house_voices           GET         -       *      *     *     -     -     -     -     -
workspace:invitation_revoke      POST        -       hon    hon   hon   -     -     -     -     -
workspace:voice_judge            POST        -       hon    hon   hon   -     -     -     -     -
workspace:films                  GET,POST    -       hon    hon   hon   -     -     -     -     -
workspace:films_sent             GET         -       hon    hon   hon   -     -     -     -     -
workspace:film_piece             GET,POST    -       hon    hon   hon   -     -     -     -     -
workspace:sent_film              POST        -       hon    hon   hon   -     -     -     -     -

# my post, the team, exceptional access, the journal
workspace:post                   GET         -       *      *     *     *     *     *     *     *
workspace:post_code              POST        -       *      *     *     *     *     *     *     *
workspace:post_desk              POST        -       *      *     *     *     *     *     *     *
workspace:post_membership        POST        -       *      *     *     *     *     *     *     *
workspace:post_shortcuts         POST        -       *      *     *     *     *     *     *     *
workspace:lock                   POST        -       *      *     *     *     *     *     *     *
workspace:unlock                 GET,POST    -       *      *     *     *     *     *     *     *
workspace:switch_user            GET,POST    -       *      *     *     *     *     *     *     *
workspace:team                   GET         -       *      *     *     -     -     -     *     *
workspace:membership_new         GET,POST    -       *      *     -     -     -     -     -     -
workspace:membership_edit        GET,POST    -       hon    h     -     -     -     -     -     -
workspace:membership_end         POST        -       hon    h     -     -     -     -     -     -
workspace:hub_new                GET,POST    -       *      -     -     -     -     -     -     -
workspace:exceptional            GET         -       *      *     *     *     *     *     *     *
workspace:exceptional            POST        -       -      *     *     -     -     -     -     -
workspace:exceptional_end        POST        -       -      hom   m     -     -     -     -     -
workspace:journal                GET,POST    -       *      -     -     -     -     -     *     *
workspace:protection             GET         -       *      *     -     -     -     -     *     *

# today, encounters, needs, obstacles, hand-overs
workspace:today                  GET         -       *      *     *     *     *     *     *     *
workspace:encounter_new          GET,POST    -       -      *     *     -     -     -     -     -
workspace:encounter_start        POST        -       -      *     *     -     -     -     -     -
workspace:encounter_recap        POST        -       -      *     *     -     -     -     -     -
workspace:encounter_apart        POST        -       -      *     *     -     -     -     -     -
workspace:encounter_paper        GET         -       -      *     *     -     -     -     -     -
workspace:encounter_undo         POST        -       -      h     h     -     -     -     -     -
workspace:needs                  GET         -       *      *     *     -     -     -     -     -
workspace:needs_export           GET         -       *      *     *     -     -     -     -     -
workspace:need                   GET         -       hon    h     h     -     -     -     -     -
workspace:need_next              POST        -       -      h     h     -     -     -     -     -
workspace:need_contact           POST        -       -      h     h     -     -     -     -     -
workspace:need_close             POST        -       -      h     h     -     -     -     -     -
workspace:need_reopen            POST        -       -      h     h     -     -     -     -     -
workspace:need_obstacle          POST        -       -      h     h     -     -     -     -     -
workspace:need_hand_over         POST        -       -      h     h     -     -     -     -     -
workspace:need_says              POST        -       -      h     h     -     -     -     -     -
workspace:requests               GET,POST    -       -      *     *     -     -     -     -     -
workspace:request_new            GET,POST    -       -      *     *     -     -     -     -     -
workspace:request_decide         POST        -       -      h     h     -     -     -     -     -
workspace:request_voice          GET         -       -      h     h     -     -     -     -     -
workspace:obstacles              GET         -       *      *     *     -     -     -     *     -
workspace:hand_overs             GET         -       -      *     *     *     -     -     -     -
workspace:hand_over_new          GET,POST    -       -      *     *     *     -     -     -     -
workspace:hand_over_answer       POST        -       -      h     h     -     -     -     -     -

# persons
workspace:persons                GET,POST    -       -      h     h     -     -     -     -     -
workspace:person_new             GET,POST    -       -      h     h     -     -     -     -     -
workspace:person_known           POST        -       -      *     *     -     -     -     -     -
workspace:person                 GET,POST    -       -      h     h     -     -     -     -     -
workspace:person_edit            GET,POST    -       -      h     h     -     -     -     -     -
workspace:person_follow_up       POST        -       -      h     h     -     -     -     -     -
workspace:person_receipt         GET,POST    -       -      h     h     -     -     -     -     -
workspace:person_reads           GET         -       -      h     h     -     -     -     -     -
workspace:person_export          GET         -       -      h     h     -     -     -     -     -
workspace:person_erase           GET,POST    -       -      h     h     -     -     -     -     -
workspace:receipt                GET         -       -      h     h     -     -     -     -     -
workspace:receipt_withdraw       POST        -       -      h     h     -     -     -     -     -
workspace:card_links             GET         -       -      h     h     -     -     -     -     -
workspace:card_link_decide       POST        -       -      h     h     -     -     -     -     -

# referrals, return lists
workspace:referrals              GET         -       *      *     *     -     -     -     -     -
workspace:referral_new           GET,POST    -       -      h     h     -     -     -     -     -
workspace:referral               GET         -       hon    h     h     -     -     -     -     -
workspace:referral_send          POST        -       -      h     h     -     -     -     -     -
workspace:referral_answer        POST        -       hon    h     h     -     -     -     -     -
workspace:referral_undo          POST        -       hon    h     h     -     -     -     -     -
workspace:referral_say           POST        -       -      h     h     -     -     -     -     -
workspace:referral_elsewhere     POST        -       -      h     h     -     -     -     -     -
workspace:referral_step          POST        -       -      h     h     -     -     -     -     -
workspace:amendment_seen         POST        -       -      h     h     -     -     -     -     -
workspace:return_list_new        GET,POST    -       -      *     *     -     -     -     -     -
workspace:return_list            GET         -       hon    h     h     -     -     -     -     -
workspace:return_list_link       POST        -       -      h     h     -     -     -     -     -
workspace:return_list_code       POST        -       -      h     h     -     -     -     -     -
workspace:return_list_revoke     POST        -       hon    h     h     -     -     -     -     -
workspace:return_list_sheet      GET         -       hon    h     h     -     -     -     -     -
workspace:keying                 GET,POST    -       *      *     *     -     -     -     -     -
workspace:keying_undo            POST        -       hon    h     h     -     -     -     -     -

# partner's pages
public:say                       GET,POST    *       *      *     *     *     *     *     *     *
partner:list                     GET,POST    *       *      *     *     *     *     *     *     *
partner:answers                  POST        *       *      *     *     *     *     *     *     *
partner:sent                     GET         *       *      *     *     *     *     *     *     *
partner:undo                     POST        *       *      *     *     *     *     *     *     *

# directory
workspace:directory              GET         -       *      *     *     *     *     *     *     *
workspace:service_found          POST        -       -      *     *     -     -     -     -     -
workspace:directory_check        GET         -       *      *     *     -     -     *     -     -
workspace:directory_shown        GET,POST    -       *      *     *     -     -     -     -     -
workspace:directory_partners     GET         -       *      *     *     *     *     *     *     *
workspace:directory_organisation GET         -       hon    hon   hon   hon   hon   hon   hon   hon
workspace:directory_imports      GET,POST    -       *      *     *     -     -     -     -     -
workspace:directory_import       GET,POST    -       hon    hon   hon   -     -     -     -     -
workspace:directory_import_apply POST        -       hon    hon   hon   -     -     -     -     -
workspace:directory_export       GET         -       *      *     *     -     -     -     -     *
workspace:organisation_new       GET,POST    -       *      *     *     -     -     -     -     -
workspace:organisation_edit      GET,POST    -       hon    hon   hon   -     -     p     -     -
workspace:organisation_close     POST        -       hon    hon   hon   -     -     -     -     -
workspace:place_new              GET,POST    -       hon    hon   hon   -     -     p     -     -
workspace:partnership_new        GET,POST    -       hon    hon   hon   -     -     -     -     -
workspace:partnership_edit       GET,POST    -       hon    hon   hon   -     -     -     -     -
workspace:place_edit             GET,POST    -       hon    hon   hon   -     -     p     -     -
workspace:place_close            POST        -       hon    hon   hon   -     -     p     -     -
workspace:closure_new            GET,POST    -       hon    hon   hon   -     -     p     -     -
workspace:closure_remove         POST        -       hon    hon   hon   -     -     p     -     -
workspace:service_new            GET,POST    -       hon    hon   hon   -     -     p     -     -
workspace:service_edit           GET,POST    -       hon    hon   hon   -     -     p     -     -
workspace:service_close          POST        -       hon    hon   hon   -     -     p     -     -
workspace:service_checked        POST        -       hon    hon   hon   -     -     p     -     -
api:directory                    GET         -       *      *     *     *     *     *     *     *

# messages
workspace:newsroom               GET         -       *      *     *     -     -     -     -     -
workspace:message_new            GET,POST    -       *      *     *     -     -     -     -     -
workspace:lexicon                GET,POST    -       *      *     *     -     -     -     -     -
workspace:interface              GET         -       *      *     *     -     -     -     -     -
workspace:interface_language     GET,POST    -       *      *     *     -     -     -     -     -
workspace:misunderstanding_seen  POST        -       hon    hon   hon   -     -     -     -     -
workspace:message                GET         -       hon    hon   hon   -     -     -     -     -
workspace:message_edit           GET,POST    -       hon    hon   hon   -     -     -     -     -
workspace:message_segment        GET,POST    -       hon    hon   hon   -     -     -     -     -
workspace:message_verdict        POST        -       hon    hon   hon   -     -     -     -     -
workspace:message_publish        POST        -       hon    hon   hon   -     -     -     -     -
workspace:message_withdraw       POST        -       hon    hon   hon   -     -     -     -     -
workspace:message_language       GET,POST    -       hon    hon   hon   -     -     -     -     -

# who helps
workspace:help_board             GET         -       *       *     *     -     -     -     -     -
workspace:call_new               GET,POST    -       *       *     *     -     -     -     -     -
workspace:call_close             POST        -       hon     ho    ho    -     -     -     -     -
workspace:offer_step             POST        -       -       h     h     -     -     -     -     -

# screenings, funnels
workspace:screenings             GET         -       *      *     *     -     -     -     *     -
workspace:screening_campaign_new GET,POST    -       *      *     *     -     -     -     -     -
workspace:screening_campaign     GET         -       hon    hon   hon   -     -     -     hon   -
workspace:screening_campaign_edit GET,POST   -       hon    ho    ho    -     -     -     -     -
workspace:screening_declare      GET,POST    -       hon    ho    ho    -     -     -     -     -
workspace:screening_session_new  POST        -       hon    hon   hon   -     -     -     -     -
workspace:screening_session      GET         -       hon    h     h     -     -     -     -     -
workspace:screening_session_edit GET,POST    -       hon    h     h     -     -     -     -     -
workspace:screening_state        POST        -       hon    h     h     -     -     -     -     -
workspace:screening_follow_up    GET,POST    -       hon    h     h     -     -     -     -     -
workspace:screening_print        GET         -       hon    h     h     -     -     -     -     -
workspace:screening_arrival      POST        -       -      h     h     -     -     -     -     -
workspace:screening_line         POST        -       -      h     h     -     -     -     -     -
workspace:screening_orient       POST        -       -      h     h     -     -     -     -     -
workspace:screening_import       GET,POST    -       *      *     *     -     -     -     -     -
workspace:screening_template     GET         -       *      *     *     -     -     -     -     -
workspace:funnel                 GET         -       hon    hon   hon   -     -     -     hon   -
workspace:funnel_rows            GET         -       hon    hon   hon   -     -     -     -     -
workspace:funnel_export          GET         -       hon    hon   hon   -     -     -     hon   -

# figures, exports
workspace:figures                GET         -       *      *     *     -     -     -     *     -
workspace:figures_rows           GET         -       *      *     *     -     -     -     -     -
workspace:figures_export         GET         -       *      *     *     -     -     -     *     -

# outbox of the demonstration; what does not leave
workspace:outbox                 GET         *       *      *     *     *     *     *     *     *
workspace:sendings               GET         -       *      *     -     -     -     -     -     *
workspace:sending_retry          POST        -       hon    hon   -     -     -     -     -     hon
"""


@dataclass(frozen=True)
class Line:
    """One address and method: for each column, the letters of its cell ("" for none)."""

    cells: dict[str, str]

    def anyone(self) -> bool:
        return bool(self.cells["anyone"])

    def allows(self, role: Role) -> bool:
        """Whether this role may call at all; which rows it reaches is the fetchers' business."""
        return bool(self.cells[role.value])


def _parse(table: str) -> dict[tuple[str, str], Line]:
    lines: dict[tuple[str, str], Line] = {}
    for row in table.strip().splitlines()[1:]:
        if not row.strip() or row.startswith("#"):
            continue
        address, methods, *cells = row.split()
        if len(cells) != len(_COLUMNS):
            raise ValueError(f"access table: {address} has {len(cells)} cells, not {len(_COLUMNS)}")
        for method in methods.split(","):
            if (address, method) in lines:
                raise ValueError(f"access table: {address} {method} stands twice")
            lines[address, method] = Line(
                {name: "" if cell == "-" else cell for name, cell in zip(_COLUMNS, cells, strict=True)}
            )
    return lines


ACCESS = _parse(_TABLE)


def line_for(address: str, method: str) -> Line | None:
    """HEAD and OPTIONS are read like GET."""
    return ACCESS.get((address, "GET" if method in {"HEAD", "OPTIONS"} else method))


def allows(address: str, method: str, role: Role) -> bool:
    """Whether this role may call it, for some row at least."""
    line = line_for(address, method)
    return line is not None and line.allows(role)
