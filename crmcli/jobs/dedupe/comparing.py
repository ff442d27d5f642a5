"""The customers of a database compared, with what earlier runs found of those that are as they were."""

from __future__ import annotations

from crmcli import __version__
from crmcli.jobs.dedupe.candidates import Candidates
from crmcli.matching.find import Duplicates, find_duplicates
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.remembered import Comparing, Remembered, print_of
from crmcli.store.compared import load_compared, store_compared
from crmcli.store.database import Database
from crmcli.store.journal import Run

_KIND = "customer"


class Matcher:
    """Compares customers, again and again within a run; `full` forgets what earlier runs found."""

    def __init__(self, db: Database, model: Model = DEFAULT, *, full: bool = False) -> None:
        self._model = model
        self._name = print_of(model)
        stored = None if full else load_compared(db, _KIND, self._stored_name)
        self._engine = Comparing(Remembered.from_bytes(self._name, stored) if stored else None)

    @property
    def fresh(self) -> int:
        """Return how many customers were new, or changed since they were last compared."""
        return self._engine.fresh

    @property
    def scored(self) -> int:
        """Return how many pairs had to be scored."""
        return self._engine.scored

    def find(self, candidates: Candidates) -> Duplicates:
        """Return who is the same customer."""
        return find_duplicates(
            candidates.batch, self._model, candidates.forbidden, candidates.forced, engine=self._engine
        )

    def keep(self, run: Run) -> None:
        """Keep what was found for the next run."""
        if self._engine.left is not None:
            store_compared(run, _KIND, self._stored_name, self._engine.left.to_bytes())

    @property
    def _stored_name(self) -> str:
        """Return the model's name with the program's version, for another version may compare otherwise."""
        return f"{__version__} {self._name}"
