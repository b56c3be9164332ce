import pytest
from django.core import mail

from allervers.core import clock
from allervers.outbox import actions, tasks
from allervers.outbox.models import Message, State


def test_without_a_mail_server_only_sign_in_codes_are_shown(
    db: None, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CONSOLE_CODES = True  # type: ignore[attr-defined]
    actions.mail(to="a@example.org", subject="Code", text="Votre code : 428913", purpose="sign_in")
    actions.mail(to="b@example.org", subject="Lien", text="Un lien secret", purpose="return_link")

    tasks.tick(clock.now())

    shown = capsys.readouterr().out
    assert "428913" in shown
    assert "Un lien secret" not in shown
    assert mail.outbox == []
    assert dict(Message.objects.values_list("purpose", "state")) == {
        "sign_in": State.SENT,
        "return_link": State.WAITING,
    }
