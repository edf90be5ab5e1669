"""`dbutils.fs`: names and where they are, and every method with what it refuses."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from lakelab.dbutils import DBUtils
from lakelab.dbutils.fs import FileSystemUtils, local_path

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def fs() -> FileSystemUtils:
    return DBUtils().fs


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("dbfs:/a/b.csv", "dbfs/a/b.csv"),
        ("/a/b.csv", "dbfs/a/b.csv"),
        ("a/b.csv", "dbfs/a/b.csv"),
        ("/dbfs/a/b.csv", "dbfs/a/b.csv"),
        ("dbfs:///a//b.csv/", "dbfs/a/b.csv"),
        ("dbfs:/dbfs/a", "dbfs/dbfs/a"),
        ("/Volumes/main/default/files/b.csv", "Volumes/main/default/files/b.csv"),
        ("dbfs:/Volumes/main/default/files", "Volumes/main/default/files"),
        ("/dbfs/Volumes/main", "Volumes/main"),
        ("dbfs:/../../etc/passwd", "dbfs/etc/passwd"),
        ("/Volumes/../../x", "dbfs/x"),
    ],
)
def test_names_lie_below_home(name: str, place: str, own_home: Path) -> None:
    assert local_path(name) == own_home / place


def test_files_of_this_machine(tmp_path: Path, fs: FileSystemUtils) -> None:
    file = tmp_path / "a b.txt"
    file.write_text("x")
    for name in (f"file:{file}", f"file://{file}"):
        assert local_path(name) == file
    assert fs.ls(f"file:{tmp_path}")[0].path == f"file:{file}"
    assert fs.head(fs.ls(f"file:{tmp_path}")[0].path) == "x"


@pytest.mark.spark
def test_spark_reads_and_writes_the_same_files(
    fs: FileSystemUtils, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In this home, and after the session has been stopped in the next home."""
    from lakelab.runtime import spark

    for home in ("one", "two"):
        monkeypatch.setenv("LAKELAB_HOME", str(tmp_path / home))
        spark.stop()
        for folder in ("dbfs:/tables/numbers", "dbfs:/Volumes/main/default/files/numbers"):
            spark.range(3).write.parquet(folder)
            parts = [info.path for info in fs.ls(folder) if info.name.endswith(".parquet")]
            assert parts
            assert spark.read.parquet(folder).count() == spark.read.parquet(*parts).count() == 3
        fs.put("dbfs:/text.txt", home)
        assert spark.read.text("dbfs:/text.txt").first()["value"] == home
    spark.stop()


@pytest.mark.parametrize("name", ["s3://bucket/x", "abfss://c@a.dfs.core.windows.net/x", ""])
def test_no_other_file_systems(name: str, fs: FileSystemUtils) -> None:
    with pytest.raises(ValueError, match=r"file:/"):
        fs.ls(name)


@pytest.mark.parametrize("root", ["dbfs:/", "/", "/Volumes"])
def test_roots_are_there_and_empty(root: str, fs: FileSystemUtils) -> None:
    assert fs.ls(root) == []


def test_put_head_ls(fs: FileSystemUtils, capsys: pytest.CaptureFixture[str]) -> None:
    before = time.time() * 1000
    assert fs.put("dbfs:/data/b.txt", "héllo") is True
    assert "Wrote 6 bytes." in capsys.readouterr().out
    assert fs.mkdirs("dbfs:/data/sub") is True
    file, folder = fs.ls("/data")
    assert (file.path, file.name, file.size) == ("dbfs:/data/b.txt", "b.txt", 6)
    assert before - 2000 <= file.modificationTime <= time.time() * 1000 + 2000
    assert (folder.path, folder.name, folder.size) == ("dbfs:/data/sub/", "sub/", 0)
    assert (file.isFile(), folder.isDir()) == (True, True)
    assert fs.ls("dbfs:/data/b.txt") == [file]
    path, name, size, _ = file  # a named tuple
    assert (path, name, size) == file[:3]
    assert fs.head(file.path) == "héllo"
    assert fs.head(file.path, 1) == "h"
    assert "[Truncated to first 1 bytes]" in capsys.readouterr().out


def test_volumes_are_listed_as_databricks_does(fs: FileSystemUtils) -> None:
    fs.put("/Volumes/main/default/files/a.txt", "a")
    assert [info.path for info in fs.ls("/Volumes/main/default")] == ["dbfs:/Volumes/main/default/files/"]
    assert fs.head(fs.ls("/Volumes/main/default/files")[0].path) == "a"


def test_put_does_not_overwrite_by_accident(fs: FileSystemUtils) -> None:
    fs.put("/a", "one")
    with pytest.raises(FileExistsError, match=r"dbfs:/a exists: pass overwrite=True"):
        fs.put("/a", "two")
    assert fs.head("/a") == "one"
    fs.put("/a", "two", overwrite=True)
    assert fs.head("/a") == "two"
    with pytest.raises(TypeError, match="writes text, not int"):
        fs.put("/b", 3)  # type: ignore[arg-type]
    fs.mkdirs("/folder")
    with pytest.raises(IsADirectoryError):
        fs.put("/folder", "x", overwrite=True)


def test_copy(fs: FileSystemUtils) -> None:
    fs.put("/from/a", "a")
    fs.put("/from/sub/b", "b")
    assert fs.cp("/from/a", "/to/new") is True
    assert fs.head("/to/new") == "a"
    fs.cp("/from/a", "/to")  # a folder: into it
    assert [info.name for info in fs.ls("/to")] == ["a", "new"]
    with pytest.raises(IsADirectoryError, match="recurse=True"):
        fs.cp("/from", "/copy")
    fs.cp("/from", "/copy", recurse=True)
    assert [info.name for info in fs.ls("/copy")] == ["a", "sub/"]
    fs.put("/copy/c", "c")
    fs.cp("/from", "/copy", True)
    assert [info.name for info in fs.ls("/copy")] == ["a", "c", "sub/"]
    assert fs.head("/from/sub/b") == "b"


def test_move(fs: FileSystemUtils) -> None:
    fs.put("/a", "a")
    fs.put("/b", "b")
    fs.mv("/a", "/b")
    assert fs.head("/b") == "a"
    fs.put("/tree/sub/x", "x")
    with pytest.raises(IsADirectoryError, match="recurse=True"):
        fs.mv("/tree", "/moved")
    fs.mv("/tree", "/moved", recurse=True)
    assert fs.head("/moved/sub/x") == "x"
    with pytest.raises(FileNotFoundError):
        fs.ls("/tree")
    fs.mv("/moved", "file:" + str(local_path("/elsewhere")), recurse=True)
    assert fs.head("/elsewhere/sub/x") == "x"


def test_nothing_is_lost_to_itself(fs: FileSystemUtils) -> None:
    fs.put("/a", "a")
    fs.put("/tree/x", "x")
    for call in (fs.cp, fs.mv):
        with pytest.raises(shutil.SameFileError):
            call("/a", "/a")
        with pytest.raises(shutil.SameFileError):
            call("/tree", "/tree/inside", True)
        with pytest.raises(NotADirectoryError):
            call("/tree", "/a", True)
    assert (fs.head("/a"), fs.head("/tree/x")) == ("a", "x")


def test_remove(fs: FileSystemUtils) -> None:
    fs.put("/tree/x", "x")
    with pytest.raises(OSError, match="recurse=True"):
        fs.rm("/tree")
    assert fs.head("/tree/x") == "x"
    assert fs.rm("/tree/x") is True
    assert fs.rm("/tree") is True
    assert fs.rm("/tree") is False
    fs.put("/tree/x", "x")
    assert fs.rm("/tree", recurse=True) is True
    with pytest.raises(FileNotFoundError, match="There is no file or folder dbfs:/tree"):
        fs.ls("/tree")


@pytest.mark.parametrize("root", ["dbfs:/", "/", "/dbfs", "/Volumes", "file:/"])
def test_roots_stay(root: str, fs: FileSystemUtils) -> None:
    with pytest.raises(PermissionError, match="is a root, which can't be removed"):
        fs.rm(root, recurse=True)


def test_a_file_is_no_folder(fs: FileSystemUtils) -> None:
    fs.put("/a", "a")
    for name in ("/a", "/a/b"):
        with pytest.raises(FileExistsError, match="is a file"):
            fs.mkdirs(name)


@pytest.mark.parametrize(
    "call",
    [
        lambda fs: fs.mount("s3a://x", "/mnt/x"),
        lambda fs: fs.updateMount("s3a://x", "/mnt/x"),
        lambda fs: fs.unmount("/mnt/x"),
        lambda fs: fs.mounts(),
        lambda fs: fs.refreshMounts(),
    ],
)
def test_mounts_do_not_exist(call: object, fs: FileSystemUtils) -> None:
    with pytest.raises(NotImplementedError, match="no cloud storage to mount"):
        call(fs)  # type: ignore[operator]
