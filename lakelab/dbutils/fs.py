"""``dbutils.fs``: files of the workspace, kept in folders below LAKELAB_HOME.

``dbfs:/x``, ``/x`` and ``/dbfs/x`` are one file, in ``LAKELAB_HOME/dbfs``; ``/Volumes/catalog/schema/volume/x``, with or without
``dbfs:`` in front, lies in ``LAKELAB_HOME/Volumes``; ``file:/x`` is a file of this machine. Spark reads and writes the same files under their names
with ``dbfs:`` in front (see `lakelab.spark.config`); Python's own ``open`` wants the path that `local_path` gives.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, NoReturn

from lakelab import home
from lakelab.dbutils.help import Utility
from lakelab.files import replacing


class FileInfo(NamedTuple):
    """What `FileSystemUtils.ls` tells of a file or folder; a folder's path and name end in a slash.

    ``size`` is in bytes, 0 for a folder; ``modificationTime`` in milliseconds since 1970.
    """

    path: str
    name: str
    size: int
    modificationTime: int

    def isDir(self) -> bool:
        """Whether it is a folder."""
        return self.name.endswith("/")

    def isFile(self) -> bool:
        """Whether it is a file."""
        return not self.isDir()


class _Location(NamedTuple):
    """A name as the workspace has it, and where it is on this machine. ``root`` can be neither moved nor removed."""

    name: str
    path: Path
    root: bool


def local_path(name: str) -> Path:
    """Return where the file or folder that dbutils calls ``name`` is on this machine; it need not exist.

    Raises:
        ValueError: the name begins with a scheme other than ``dbfs:`` and ``file:``, or is empty.
    """
    return _locate(name).path


class FileSystemUtils(Utility):
    """Files of the workspace: dbfs:/ and /Volumes are folders below LAKELAB_HOME, file:/ is this machine."""

    def ls(self, path: str) -> list[FileInfo]:
        """List what is in a folder, sorted by name; of a file, the file itself.

        Raises:
            FileNotFoundError: there is no such file or folder.
        """
        place = _existing(path)
        if not place.path.is_dir():
            return [_info(place.name, place.path)]
        children = sorted(place.path.iterdir(), key=lambda child: child.name)
        return [_info(f"{place.name.rstrip('/')}/{child.name}", child) for child in children]

    def head(self, file: str, max_bytes: int = 65536) -> str:
        """Return the beginning of a file, at most ``max_bytes`` bytes of it, as text in UTF-8.

        Raises:
            FileNotFoundError: there is no such file.
            IsADirectoryError: it is a folder.
        """
        place = _existing(file)
        _refuse_folder(place, "show the beginning of")
        with place.path.open("rb") as content:
            beginning = content.read(max_bytes)
            if content.read(1):
                print(f"[Truncated to first {max_bytes} bytes]")
        return beginning.decode("utf-8", "replace")

    def put(self, file: str, contents: str, overwrite: bool = False) -> bool:
        """Write a text to a file in UTF-8, making the folders above it.

        Raises:
            FileExistsError: the file is there and ``overwrite`` is not set.
            IsADirectoryError: it is a folder.
        """
        if not isinstance(contents, str):
            raise TypeError(
                f"dbutils.fs.put writes text, not {type(contents).__name__}: convert it with str or json.dumps."
            )
        place = _locate(file)
        _refuse_folder(place, "write over")
        if place.path.exists() and not overwrite:
            raise FileExistsError(f"{place.name} exists: pass overwrite=True to replace it.")
        place.path.parent.mkdir(parents=True, exist_ok=True)
        content = contents.encode()
        with replacing(place.path) as partial:
            partial.write_bytes(content)
        print(f"Wrote {len(content)} bytes.")
        return True

    def mkdirs(self, dir: str) -> bool:
        """Make a folder and those above it; one that is there already is fine.

        Raises:
            FileExistsError: a file has that name.
        """
        place = _locate(dir)
        try:
            place.path.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise FileExistsError(
                f"{place.name} can't be made a folder: it, or something above it, is a file."
            ) from None
        return True

    def cp(self, source: str, dest: str, recurse: bool = False) -> bool:
        """Copy a file to ``dest`` (into it, if that is a folder), or with ``recurse`` all that is in a folder.

        Raises:
            FileNotFoundError: there is no ``source``.
            IsADirectoryError: ``source`` is a folder and ``recurse`` is not set.
        """
        origin, target = _transfer(source, dest, recurse, "copy")
        if origin.path.is_dir():
            shutil.copytree(origin.path, target, dirs_exist_ok=True)
        else:
            with replacing(target) as partial:
                shutil.copyfile(origin.path, partial)
        return True

    def mv(self, source: str, dest: str, recurse: bool = False) -> bool:
        """Move a file to ``dest`` (into it, if that is a folder), or with ``recurse`` all that is in a folder.

        Raises:
            FileNotFoundError: there is no ``source``.
            IsADirectoryError: ``source`` is a folder and ``recurse`` is not set.
        """
        origin, target = _transfer(source, dest, recurse, "move")
        _refuse_root(origin, "moved")
        if target.is_dir():
            shutil.copytree(origin.path, target, dirs_exist_ok=True)
            shutil.rmtree(origin.path)
        else:
            target.unlink(missing_ok=True)
            shutil.move(origin.path, target)
        return True

    def rm(self, dir: str, recurse: bool = False) -> bool:
        """Remove a file or an empty folder, or with ``recurse`` a folder with all that is in it; tell whether there was any.

        Raises:
            OSError: the folder is not empty and ``recurse`` is not set.
            PermissionError: it is the root of a file system.
        """
        place = _locate(dir)
        _refuse_root(place, "removed")
        if place.path.is_dir() and not place.path.is_symlink():
            if not recurse and any(place.path.iterdir()):
                raise OSError(
                    f"{place.name} is a folder that is not empty: pass recurse=True to remove it with its files."
                )
            shutil.rmtree(place.path)
            return True
        try:
            place.path.unlink()
        except FileNotFoundError:
            return False
        return True

    def mount(
        self,
        source: str,
        mount_point: str,
        encryption_type: str = "",
        owner: str | None = None,
        extra_configs: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Not here: there is no cloud storage to mount."""
        _no_mounts("mount")

    def updateMount(
        self,
        source: str,
        mount_point: str,
        encryption_type: str = "",
        owner: str | None = None,
        extra_configs: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Not here: there is no cloud storage to mount."""
        _no_mounts("updateMount")

    def mounts(self) -> NoReturn:
        """Not here: there is no cloud storage to mount."""
        _no_mounts("mounts")

    def refreshMounts(self) -> NoReturn:
        """Not here: there is no cloud storage to mount."""
        _no_mounts("refreshMounts")

    def unmount(self, mount_point: str) -> NoReturn:
        """Not here: there is no cloud storage to mount."""
        _no_mounts("unmount")


def _no_mounts(method: str) -> NoReturn:
    raise NotImplementedError(
        f"dbutils.fs.{method} doesn't exist here, because there is no cloud storage to mount: "
        "put the files into dbfs:/ or a volume with dbutils.fs.cp('file:/…', '/Volumes/…', recurse=True)."
    )


def _locate(name: str) -> _Location:
    if not isinstance(name, str | os.PathLike) or not os.fspath(name):
        raise ValueError(
            f"{name!r} is no path: give one such as dbfs:/folder/file, /Volumes/catalog/schema/volume/file or file:/x."
        )
    text = os.fspath(name)
    scheme, colon, rest = text.partition(":")
    if not colon or "/" in scheme:
        scheme, rest = "dbfs", text
    if scheme == "file":
        on_a_drive = re.match("/*[A-Za-z]:", rest)  # Windows
        path = Path(rest.lstrip("/") if on_a_drive else re.sub("^/+", "/", rest)).absolute()
        return _Location(f"file:{path.as_posix()}", path, path == path.parent)
    if scheme != "dbfs":
        raise ValueError(f"{text} begins with {scheme}:, and only dbfs:/, /Volumes and file:/ exist here.")
    inside = PurePosixPath(posixpath.normpath("/" + rest.lstrip("/"))).parts[1:]  # `..` ends at the root
    if inside and inside[0] == "dbfs" and not colon:
        inside = inside[1:]
    if inside and inside[0] == "Volumes":
        return _Location("/" + "/".join(inside), home.volumes_path().joinpath(*inside[1:]), len(inside) == 1)
    return _Location("dbfs:/" + "/".join(inside), home.dbfs_path().joinpath(*inside), not inside)


def _existing(name: str) -> _Location:
    place = _locate(name)
    if place.root:
        place.path.mkdir(parents=True, exist_ok=True)
    if not place.path.exists():
        raise FileNotFoundError(f"There is no file or folder {place.name} (on this machine: {place.path}).")
    return place


def _refuse_folder(place: _Location, verb: str) -> None:
    if place.path.is_dir():
        raise IsADirectoryError(f"Can't {verb} {place.name}: it is a folder.")


def _refuse_root(place: _Location, done: str) -> None:
    if place.root:
        raise PermissionError(f"{place.name} is a root, which can't be {done}: name what is in it.")


def _transfer(source: str, dest: str, recurse: bool, verb: str) -> tuple[_Location, Path]:
    """Return what is to be transferred and the path it gets, whose folder exists; refuses what would lose files."""
    origin, target = _existing(source), _locate(dest).path
    if origin.path.is_dir() and not recurse:
        raise IsADirectoryError(
            f"Can't {verb} {origin.name}: it is a folder; pass recurse=True for it and all that is in it."
        )
    if target.is_dir() and not origin.path.is_dir():
        target = target / origin.path.name
    if origin.path.is_dir() and target.is_file():
        raise NotADirectoryError(f"Can't {verb} the folder {origin.name} to {dest}: that is a file.")
    inside, outside = target.resolve(), origin.path.resolve()
    if inside == outside or outside in inside.parents:
        raise shutil.SameFileError(f"Can't {verb} {origin.name} to {dest}: that is the same place, or lies in it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    return origin, target


def _info(name: str, path: Path) -> FileInfo:
    state = path.stat()
    folder = "/" if path.is_dir() else ""
    return FileInfo(
        path=(name if name.startswith(("dbfs:", "file:")) else f"dbfs:{name}") + folder,
        name=path.name + folder,
        size=0 if folder else state.st_size,
        modificationTime=int(state.st_mtime * 1000),
    )
