"""Writing many new rows of a session at once, for imports."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Table, insert, update
from sqlmodel import Session, SQLModel

from kin.book import indexes
from kin.book.models import GroupRow, InterestRow, UidRow
from kin.book.session import get_connection
from kin.language.text import new_uid
from kin.vocabulary import catalog

_BATCH_SIZE = 5000  # rows to hold before writing, so that memory stays small


class BulkInserter:
    """Collects new rows of a session and writes them in batches. Ids are assigned at once, so that rows can refer to rows."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._db = get_connection(session)
        self._rows: defaultdict[type[SQLModel], list[dict[str, Any]]] = defaultdict(list)
        self._last_ids: dict[type[SQLModel], int] = {}
        self._interests = self._read_ids_by_key("interest")
        self._groups = self._read_ids_by_key("people_group")
        self._uids = {uid for (uid,) in self._db.execute("SELECT uid FROM uid")}
        self._new_labels: list[str] = []
        self._pending_count = 0

    def add(self, table: type[SQLModel], **values: Any) -> None:
        """Add a row to a table without ids."""
        self._rows[table].append(values)
        self._pending_count += 1
        if self._pending_count >= _BATCH_SIZE:
            self.write()

    def add_with_id(self, table: type[SQLModel], **values: Any) -> int:
        """Add a row and return its id."""
        row_id = self._next_id(table)
        self.add(table, id=row_id, **values)
        return row_id

    def update_rows(
        self, table: type[SQLModel], where: dict[str, Any], values: dict[str, Any]
    ) -> None:
        """Update existing rows, at once."""
        conditions = [getattr(table, column) == value for column, value in where.items()]
        self._session.execute(update(table).where(*conditions).values(values))

    def get_interest_id(self, label: str) -> int:
        """Return the id of an interest; a new one is added in this spelling."""
        key = catalog.normalize_interest(label)
        if key not in self._interests:
            self._interests[key] = self.add_with_id(InterestRow, key=key, label=label)
            self._new_labels.append(label)
        return self._interests[key]

    def get_group_id(self, label: str) -> int:
        """Return the id of a group; a new one is added in this spelling."""
        key = catalog.normalize_group(label)
        if key not in self._groups:
            self._groups[key] = self.add_with_id(GroupRow, key=key, label=label)
        return self._groups[key]

    def add_uid(self, person: int, wanted_uid: str | None) -> None:
        """Add the UID of a new person: the wanted one, or a new one if it is taken."""
        uid = wanted_uid if wanted_uid is not None and wanted_uid not in self._uids else new_uid()
        self._uids.add(uid)
        self.add(UidRow, person_id=person, uid=uid)

    def write(self) -> None:
        """Write all collected rows, those that others refer to first, and index new interests."""
        for table in _sort_by_dependency(self._rows):
            rows, self._rows[table] = self._rows[table], []
            if rows:
                self._session.execute(insert(table), rows)
        self._pending_count = 0
        labels, self._new_labels = self._new_labels, []
        indexes.add_interests(self._db, *labels)

    def _next_id(self, table: type[SQLModel]) -> int:
        if table not in self._last_ids:
            name = table.__tablename__
            (last,) = self._db.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()
            self._last_ids[table] = int(last)
        self._last_ids[table] += 1
        return self._last_ids[table]

    def _read_ids_by_key(self, table: str) -> dict[str, int]:
        return dict(self._db.execute(f"SELECT key, id FROM {table}").fetchall())


def _sort_by_dependency(rows: dict[type[SQLModel], list[dict[str, Any]]]) -> list[type[SQLModel]]:
    order: list[Table] = SQLModel.metadata.sorted_tables
    return sorted(
        rows, key=lambda table: order.index(SQLModel.metadata.tables[str(table.__tablename__)])
    )
