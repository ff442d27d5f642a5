"""The customers of a database compared, with what earlier runs found of those that are as they were."""

from __future__ import annotations

from crmcli import __version__
from crmcli.jobs.dedupe.candidates import Candidates
from crmcli.matching.find import Compared, Duplicates, Engine, find_duplicates
from crmcli.matching.model import DEFAULT, Model
from crmcli.matching.records import MatchBatch
from crmcli.matching.remembered import Comparing, Remembered, print_of
from crmcli.store.compared import load_compared, store_compared
from crmcli.store.database import Database
from crmcli.store.journal import Run

_KIND = "customer"


class _Afresh:
    """An engine elsewhere: it compares all records every time, and nothing is left of it."""

    left = None

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.fresh = 0
        self.scored = 0

    def __call__(self, records: MatchBatch, model: Model) -> Compared:
        """Return what is found among records."""
        found = self._engine(records, model)
        self.fresh = len(records)
        self.scored += found.candidates
        return found


class Matcher:
    """Compares customers, again and again within a run; `full` forgets what earlier runs found.

    `engine` compares elsewhere; None: here, remembering what earlier runs found.
    """

    def __init__(
        self, db: Database, model: Model = DEFAULT, *, full: bool = False, engine: Engine | None = None
    ) -> None:
        self._model = model
        self._name = print_of(model)
        if engine is not None:
            self._engine: Comparing | _Afresh = _Afresh(engine)
            return
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
