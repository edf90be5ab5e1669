"""What stands in for `lakelab.data` in an exported notebook: the same ``load`` and ``path``, over files in a volume."""

from __future__ import annotations

DEFAULT_FOLDER = "/Volumes/main/default/course_data"
PROVIDED = ("load", "path")
"""Names of `lakelab.data` that the cell defines."""

_CELL = '''\
# The course's data: Parquet files that you have uploaded to a volume, named in the widget above.
dbutils.widgets.text("course_data", "{folder}", "Folder of the course's data")


def _data_files(name, *, year=None, month=None):
    """Paths of a data set's Parquet files: all, or those of some years and months."""
    from pathlib import Path

    root = Path(dbutils.widgets.get("course_data"))
    single = root / f"{{name}}.parquet"
    files = [single] if single.exists() else sorted((root / name).glob("*.parquet"))
    for part, asked in enumerate((year, month)):  # a file is called 2013-01.parquet or 2013.parquet
        if asked is not None:
            wanted = {{asked}} if isinstance(asked, int) else set(asked)
            files = [file for file in files if int(file.stem.split("-")[part]) in wanted]
    if not files:
        raise ValueError(f"There is no {{name}} for year={{year}}, month={{month}} in {{root}}: upload the course's data there.")
    return [str(file) for file in files]


def load(name, *, year=None, month=None, as_pandas=False):
    """A data set, or some years and months of it, as a Spark or a pandas DataFrame."""
    files = _data_files(name, year=year, month=month)
    if not as_pandas:
        return spark.read.parquet(*files)
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pa.concat_tables(pq.read_table(file) for file in files).to_pandas(date_as_object=False)'''
_PATH = "\n\n\npath = _data_files"


def data_cell(folder: str, names: set[str]) -> str:
    """Return the source of a cell that defines ``names`` of `PROVIDED`, for data in ``folder``.

    What a notebook does not import stays free for its own variables.
    """
    return _CELL.format(folder=folder) + (_PATH if "path" in names else "")
