"""A need sent to a service, and the partner's answer; never decides how figures are made."""
