"""The schema made from the models. Run `.venv/bin/python -m tests.schema` to write it to the file that kin ships."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from kin.book import indexes, models, schema, undo_log


def build_from_models() -> tuple[str, ...]:
    """Return the SQL of the newest schema: tables, indexes, full-text search, triggers."""
    tables = models.SQLModel.metadata.sorted_tables  # every model is imported with the package
    statements = [str(CreateTable(table).compile(dialect=dialect())) for table in tables]
    statements += [
        str(CreateIndex(index).compile(dialect=dialect()))
        for table in tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    statements += [*indexes.build_search_index(), *schema.build_rhythm_triggers()]
    statements = [
        "\n".join(line.rstrip() for line in each.strip().splitlines()) for each in statements
    ]
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in statements:
            db.execute(statement)
        statements += undo_log.build_undo_triggers(db)
    return tuple(statements)


if __name__ == "__main__":
    file = Path(schema.__file__).with_name(f"schema-{schema.NEWEST_VERSION}.sql")
    file.write_text("\n\n".join(build_from_models()) + "\n", encoding="utf-8")
    print(f"wrote {file}")
