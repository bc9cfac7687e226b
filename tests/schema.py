"""The schema as the models say it: `python -m tests.schema` writes it to the file that kin ships.

Usage, from the root of the repository: `.venv/bin/python -m tests.schema`.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from kin.book import (
    migrations,
    models,
    rhythm_triggers as kept_rhythm,
    search_index,
    undo_log as journal,
)


def made_from_models() -> tuple[str, ...]:
    """Return the SQL of the newest schema: tables, indexes, full-text search, triggers of the history."""
    tables = models.SQLModel.metadata.sorted_tables  # every model is imported with the package
    made = [str(CreateTable(table).compile(dialect=dialect())) for table in tables]
    made += [
        str(CreateIndex(index).compile(dialect=dialect()))
        for table in tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    made += [*search_index.statements(), *kept_rhythm.statements()]
    made = ["\n".join(line.rstrip() for line in each.strip().splitlines()) for each in made]
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in made:
            db.execute(statement)
        made += journal.statements(db)
    return tuple(made)


if __name__ == "__main__":
    file = Path(migrations.__file__).with_name(f"schema-{migrations.NEWEST}.sql")
    file.write_text("\n\n".join(made_from_models()) + "\n", encoding="utf-8")
    print(f"wrote {file}")
