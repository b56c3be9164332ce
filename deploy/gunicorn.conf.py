"""gunicorn: one process of a few threads by default; a city raises WEB_PROCESSES. Behind a buffering proxy in production.

No access log here: the proxy keeps one, without the addresses of links (see deploy/nginx.conf). Its error log goes through
the same formatter as ours, which masks links, addresses and numbers.
"""

import gc
import os
from pathlib import Path

bind = os.environ.get("WEB_SOCKET") or f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_PROCESSES", "1"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 60
graceful_timeout = 20
keepalive = 5
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a heartbeat must not wait for a disk
accesslog = None
loglevel = "warning"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "allervers.core.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}


def post_worker_init(worker: object) -> None:
    """What was loaded stays: the collector need not walk it again in the middle of a request."""
    gc.collect()
    gc.freeze()
