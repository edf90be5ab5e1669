"""Online stores: the newest feature values by key, for serving. One SQLite file per store, read in microseconds.

Writers and readers may be different processes; a reader sees a table as it was before or after a publication, never between.
"""

from __future__ import annotations

import datetime
import decimal
import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakelab import home

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql.types import StructType

CAPACITIES = ("CU_1", "CU_2", "CU_4", "CU_8")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class DatabricksOnlineStore:
    """An online store. Capacity and replicas are remembered, but here one file serves all."""

    name: str
    capacity: str
    read_replica_count: int | None = None
    usage_policy_id: str | None = None
    state: str = "AVAILABLE"
    creation_time: str = ""

    @property
    def path(self) -> Path:
        """The SQLite file of the store."""
        return _path(self.name)


@dataclass(frozen=True)
class OnlineTable:
    """What a store knows about one of its tables: where the rows come from, up to which version, and how they are kept."""

    store: str
    name: str
    source: str
    source_id: str
    version: int
    keys: list[str]
    timeseries: str | None
    types: dict[str, str]

    def look_up(self, keys: Iterable[Sequence[Any]], features: Sequence[str]) -> list[dict[str, Any] | None]:
        """Newest values of ``features`` for each of ``keys`` (values in the order of `keys`); None for an unknown one.

        Raises:
            ValueError: the table has no such feature.
        """
        if unknown := [feature for feature in features if feature not in self.types]:
            raise ValueError(f"Online table '{self.name}' has no feature {', '.join(map(repr, unknown))}: publish it.")
        wanted = ", ".join(map(_quoted, features)) or "1"
        query = (
            f"SELECT {wanted} FROM {_quoted(self.name)} WHERE {' AND '.join(f'{_quoted(k)} = ?' for k in self.keys)}"
        )
        found: list[dict[str, Any] | None] = []
        connection = _reader(self.store)
        for key in keys:
            encoded = [_encoded(value, self.types[name]) for name, value in zip(self.keys, key, strict=True)]
            row = connection.execute(query, encoded).fetchone()
            values = None if row is None else zip(features, row, strict=False)
            found.append(None if values is None else {f: _decoded(value, self.types[f]) for f, value in values})
        return found


def create(
    name: str, capacity: str, read_replica_count: int | None, usage_policy_id: str | None
) -> DatabricksOnlineStore:
    """Make an empty store.

    Raises:
        ValueError: there is one of that name, or the name or the capacity is not possible.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9-]{0,62}", name):
        raise ValueError(
            f"'{name}' cannot name an online store: use a letter, then letters, digits and '-', 63 at most."
        )
    if capacity not in CAPACITIES:
        raise ValueError(f"The capacity of an online store is one of {', '.join(CAPACITIES)}, not {capacity!r}.")
    home.online_stores_dir()
    if get(name) is not None:
        raise ValueError(f"Online store '{name}' exists already: get it by get_online_store, or delete it first.")
    created = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    store = DatabricksOnlineStore(name, capacity, read_replica_count, usage_policy_id, creation_time=created)
    partial = store.path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(partial)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")  # readers go on while a table is published
        with connection:
            connection.execute("CREATE TABLE _store (description TEXT)")
            connection.execute(
                "CREATE TABLE _tables (name TEXT PRIMARY KEY, source TEXT, source_id TEXT, version INTEGER, "
                "keys TEXT, timeseries TEXT, types TEXT)"
            )
            description = json.dumps(
                {"capacity": capacity, "replicas": read_replica_count, "policy": usage_policy_id, "created": created}
            )
            connection.execute("INSERT INTO _store VALUES (?)", [description])
    partial.replace(store.path)
    return store


def get(name: str) -> DatabricksOnlineStore | None:
    """The store of that name, or None."""
    if not _path(name).is_file():
        return None
    with _connected(name) as connection:
        found = json.loads(connection.execute("SELECT description FROM _store").fetchone()[0])
    return DatabricksOnlineStore(
        name, found["capacity"], found["replicas"], found["policy"], creation_time=found["created"]
    )


def find(name: str) -> DatabricksOnlineStore:
    """The store of that name.

    Raises:
        ValueError: there is none.
    """
    store = get(name)
    if store is None:
        raise ValueError(f"Online store '{name}' does not exist: create it by create_online_store.")
    return store


def every() -> list[DatabricksOnlineStore]:
    """All stores, by name."""
    return [find(file.stem) for file in sorted(home.online_stores_dir().glob("*.db"))]


def delete(name: str) -> None:
    """Delete a store with its tables.

    Raises:
        ValueError: there is none of that name.
    """
    store = find(name)
    for suffix in ("", "-wal", "-shm"):
        store.path.with_name(store.path.name + suffix).unlink(missing_ok=True)


def tables(source: str | None = None) -> list[OnlineTable]:
    """The online tables of all stores, or only those published from the feature table ``source``."""
    found = []
    for store in every():
        with _connected(store.name) as connection:
            for name, origin, identity, version, keys, timeseries, types in connection.execute("SELECT * FROM _tables"):
                if source in (None, origin):
                    kept = json.loads(keys), timeseries, json.loads(types)
                    found.append(OnlineTable(store.name, name, origin, identity, version, *kept))
    return found


def publish(table: OnlineTable, batches: Iterable[pa.RecordBatch], *, replace: bool) -> int:
    """Insert rows, or update those with equal keys unless what is there is newer, in one transaction.

    Args:
        table: its description, which is kept with it.
        batches: the rows.
        replace: whether what the table held before is removed.

    Returns:
        The number of rows that were handed over.
    """
    columns = list(table.types)
    names = ", ".join(map(_quoted, columns))
    keys = ", ".join(map(_quoted, table.keys))
    changes = ", ".join(f"{_quoted(c)} = excluded.{_quoted(c)}" for c in columns if c not in table.keys)
    newer = (
        f" WHERE excluded.{_quoted(table.timeseries)} >= {_quoted(table.name)}.{_quoted(table.timeseries)}"
        if table.timeseries
        else ""
    )
    upsert = (
        f"INSERT INTO {_quoted(table.name)} ({names}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT ({keys}) DO {f'UPDATE SET {changes}{newer}' if changes else 'NOTHING'}"
    )
    count = 0
    with _connected(table.store) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        if replace:
            connection.execute(f"DROP TABLE IF EXISTS {_quoted(table.name)}")
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {_quoted(table.name)} ({names}, PRIMARY KEY ({keys})) WITHOUT ROWID"
        )
        there = {row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(table.name)})")}
        for column in columns:
            if column not in there:
                connection.execute(f"ALTER TABLE {_quoted(table.name)} ADD COLUMN {_quoted(column)}")
        for batch in batches:
            arrays = [batch.column(name).to_pylist() for name in columns]
            encoded = [
                [_encoded(v, table.types[name]) for v in values] for name, values in zip(columns, arrays, strict=True)
            ]
            connection.executemany(upsert, zip(*encoded, strict=True))
            count += batch.num_rows
        about = (
            table.source,
            table.source_id,
            table.version,
            json.dumps(table.keys),
            table.timeseries,
            json.dumps(table.types),
        )
        connection.execute("INSERT OR REPLACE INTO _tables VALUES (?, ?, ?, ?, ?, ?, ?)", [table.name, *about])
    return count


def drop(name: str, store: str) -> None:
    """Remove a table from a store.

    Raises:
        ValueError: the store, or the table in it, does not exist.
    """
    find(store)
    with _connected(store) as connection, connection:
        if connection.execute("DELETE FROM _tables WHERE name = ?", [name]).rowcount == 0:
            raise ValueError(f"Online store '{store}' has no table '{name}'.")
        connection.execute(f"DROP TABLE IF EXISTS {_quoted(name)}")


def column_types(schema: StructType, columns: Sequence[str]) -> dict[str, str]:
    """The Spark types of ``columns`` by name, which tell how values are kept."""
    return {name: schema[name].dataType.simpleString() for name in columns}


class _Readers(threading.local):
    """A thread's open connections by store, each with the identity of the file that it is open on."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[int, sqlite3.Connection]] = {}


_readers = _Readers()


def _reader(store: str) -> sqlite3.Connection:
    """This thread's connection for reading: opening one takes longer than reading a row."""
    path = _path(store)
    inode = path.stat().st_ino
    known = _readers.open.get(str(path))
    if known is not None and known[0] != inode:  # the store was deleted and made again
        known[1].close()
        known = None
    if known is None:
        known = _readers.open[str(path)] = (inode, sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30))
    return known[1]


@contextmanager
def _connected(store: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(_path(store), timeout=30)) as connection:
        yield connection


def _path(name: str) -> Path:
    return home.online_stores_dir() / f"{name}.db"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _encoded(value: Any, kind: str) -> Any:
    """A value as SQLite keeps it: numbers, text and bytes as they are, times as microseconds since 1970, the rest as JSON."""
    if value is None or isinstance(value, (str, bytes)):
        return value
    if kind in ("tinyint", "smallint", "int", "bigint", "boolean"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    if isinstance(value, datetime.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return (aware - _EPOCH) // datetime.timedelta(microseconds=1)
    if isinstance(value, (datetime.date, decimal.Decimal)):
        return str(value)
    return json.dumps(value, default=str)


def _decoded(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind == "timestamp":
        return _EPOCH + datetime.timedelta(microseconds=value)
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind.startswith("decimal"):
        return decimal.Decimal(value)
    if kind.startswith(("array", "map", "struct")):
        return json.loads(value)
    return value


def seconds_per_lookup(table: OnlineTable, keys: Sequence[Sequence[Any]], features: Sequence[str]) -> float:
    """Mean time of a lookup by one key, in seconds, over ``keys``."""
    start = time.perf_counter()
    for key in keys:
        table.look_up([key], features)
    return (time.perf_counter() - start) / len(keys)
