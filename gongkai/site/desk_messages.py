"""Messages after an action ("已登记，编号 …"): kept in the session, read on the desk only.

Not in a cookie of their own, as is usual: they name people and cases, and that cookie would also be sent to the portal.
"""

from typing import Any

from django.contrib.messages.storage.session import SessionStorage

DESK = "/desk/"


class DeskMessages(SessionStorage):
    """Messages in the session; a page of the portal has none and so never touches the session."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        if not self.request.path_info.startswith(DESK):
            return [], True
        found: tuple[list[Any], bool] = super()._get(*args, **kwargs)  # type: ignore[misc]
        return found
