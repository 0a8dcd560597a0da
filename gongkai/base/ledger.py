"""What every row of a ledger has."""

from typing import ClassVar

from django.db import models


class LedgerRow(models.Model):
    """A row whose every change is an action: counted versions, a journal line each, never deleted.

    `version` starts at 1 when the creating action is journalled and grows by one with each journalled change; the
    content of each version stands in `base.RowVersion`. Write it only through `base.journal`.
    """

    version = models.PositiveIntegerField("版本", default=0, editable=False)

    journal_excludes: ClassVar[frozenset[str]] = frozenset()
    """Fields that are no part of a version's content (secrets such as a password hash)."""

    class Meta:
        abstract = True
