"""The door that gunicorn opens."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from allervers.accounts import rowlock  # noqa: E402  # once the applications are loaded

rowlock.this_is_the_web()
