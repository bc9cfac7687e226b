"""Rows by the thousand: numbers for new ones, and one insert a table, through the models.

Its one rule: what is inserted here was checked before; a table's own checks hold nevertheless.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Table, insert, update
from sqlmodel import Session, SQLModel

from kin.book import interest_index
from kin.book.models import Group, Interest, Uid
from kin.book.session import connection_of
from kin.language.uid import new_uid
from kin.vocabulary import catalog as vocabulary

_AT_ONCE = 5000  # rows that wait: memory stays small


class Rows:
    """New rows of one session, written together; ids are given at once, so that rows can refer to rows."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._db = connection_of(session)
        self._rows: defaultdict[type[SQLModel], list[dict[str, Any]]] = defaultdict(list)
        self._last: dict[type[SQLModel], int] = {}
        self._interests = self._by_key("interest")
        self._groups = self._by_key("people_group")
        self._uids = {uid for (uid,) in self._db.execute("SELECT uid FROM uid")}
        self._new_labels: list[str] = []
        self._waiting = 0

    def add(self, table: type[SQLModel], **values: Any) -> None:
        """Add a row to a table of links."""
        self._rows[table].append(values)
        self._waiting += 1
        if self._waiting >= _AT_ONCE:
            self.write()

    def new(self, table: type[SQLModel], **values: Any) -> int:
        """Add a row and return its id."""
        number = self._next(table)
        self.add(table, id=number, **values)
        return number

    def change(self, table: type[SQLModel], where: dict[str, Any], values: dict[str, Any]) -> None:
        """Change rows that are there already."""
        tests = [getattr(table, column) == value for column, value in where.items()]
        self._session.execute(update(table).where(*tests).values(values))

    def interest(self, label: str) -> int:
        """Return the id of an interest, made with this spelling where it is new."""
        key = vocabulary.key(label)
        if key not in self._interests:
            self._interests[key] = self.new(Interest, key=key, label=label)
            self._new_labels.append(label)
        return self._interests[key]

    def group(self, label: str) -> int:
        """Return the id of a group, made with this spelling where it is new."""
        key = vocabulary.group_key(label)
        if key not in self._groups:
            self._groups[key] = self.new(Group, key=key, label=label)
        return self._groups[key]

    def uid(self, person: int, said: str | None) -> None:
        """Give somebody new their UID: the one that is said, unless another has it."""
        uid = said if said is not None and said not in self._uids else new_uid()
        self._uids.add(uid)
        self.add(Uid, person_id=person, uid=uid)

    def write(self) -> None:
        """Write all rows, those that others refer to first, and take new interests in."""
        for table in _in_order(self._rows):
            rows, self._rows[table] = self._rows[table], []
            if rows:
                self._session.execute(insert(table), rows)
        self._waiting = 0
        labels, self._new_labels = self._new_labels, []
        interest_index.learn(self._db, *labels)

    def _next(self, table: type[SQLModel]) -> int:
        if table not in self._last:
            name = table.__tablename__
            (last,) = self._db.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()
            self._last[table] = int(last)
        self._last[table] += 1
        return self._last[table]

    def _by_key(self, table: str) -> dict[str, int]:
        return dict(self._db.execute(f"SELECT key, id FROM {table}").fetchall())


def _in_order(rows: dict[type[SQLModel], list[dict[str, Any]]]) -> list[type[SQLModel]]:
    order: list[Table] = SQLModel.metadata.sorted_tables
    return sorted(
        rows, key=lambda table: order.index(SQLModel.metadata.tables[str(table.__tablename__)])
    )
