"""What the store raises, as a tree; every message is Dutch, for the editor.

StoreError
├── StoreUnavailable      the database does not answer, or is locked for too long
│   └── NewerDatabase     a later version of the app has changed the database
├── NotFound              no begrip, item or generation with that id
├── NotAllowed            the store cannot keep that: an empty text, an unapproved voorkeursterm
└── Conflict              somebody else changed the same thing meanwhile
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voorbeelden.store.records import BegripRecord, ItemRecord


class StoreError(Exception):
    """The root of what the store raises; ``str`` of it can be shown to an editor."""


class StoreUnavailable(StoreError):
    """Nothing was written; trying again later makes sense."""


class NewerDatabase(StoreUnavailable):
    """Trying again makes no sense: the app must be brought up to date first."""


class NotFound(StoreError):
    """There is no begrip, item or generation with the id that was asked for."""


class NotAllowed(StoreError, ValueError):
    """The store refuses to keep this; the message says what to do instead."""


class Conflict(StoreError):
    """Two sessions changed the same thing. Nothing was written, and nothing is lost.

    Attributes:
        what: what both changed, in Dutch: "de definitie", "de tekst", "de beoordeling", …
        mine: the text that was refused.
        theirs: the text that is in the store now.
        author: who wrote ``theirs``.
        latest: the record as it is now. Pass it as ``seen`` to keep ``mine`` all the same.
    """

    def __init__(
        self, what: str, mine: str, theirs: str, *, author: str, latest: BegripRecord | ItemRecord
    ) -> None:
        super().__init__(
            f"Intussen heeft {author or 'iemand anders'} {what} ook gewijzigd. Uw tekst is nog "
            "niet bewaard. Vergelijk de twee teksten en kies welke blijft."
        )
        self.what = what
        self.mine = mine
        self.theirs = theirs
        self.author = author
        self.latest = latest
