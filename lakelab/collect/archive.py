"""Reading a download: the files in an archive or a folder, one after another, each copied under limits and none unpacked by its own name."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from lakelab.grading.errors import GradingError

MAX_ENTRIES = 100_000
"""An archive that lists more files than this is not a class's download."""

RESERVE = 256 * 1024**2
"""Bytes of the disk that collecting leaves free."""

_CHUNK = 1 << 20
_DIRECTORY_BYTES = 1000  # of an archive's list of files, for each file that it may have
_METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # what people's archives use; others let a file say how much memory it takes
_CLUTTER = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store")


class NotReadable(GradingError):
    """What was named is neither a folder nor an archive that can be read."""


class Refused(Exception):
    """One file of a download can't be taken; the message is the reason in a few words."""


@dataclass
class Entry:
    """A file of a download: its path in it, when it was changed (seconds since 1970, 0 if unknown), and how to read it."""

    name: str
    when: float
    _open: Callable[[], IO[bytes]]

    def copy_to(self, target: Path, most: int) -> int:
        """Write the content to `target` and return its size; raises Refused for more than `most` bytes and for what can't be read.

        What an archive says about sizes is not believed: the bytes are counted as they come.
        """
        size = 0
        try:
            with self._open() as source, target.open("wb") as copy:
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise Refused(f"it has more than the {most / 1024**2:,.0f} MiB that are taken of one person")
                    if shutil.disk_usage(target.parent).free < RESERVE:
                        raise GradingError(
                            f"{target.parent.parent} has less than {RESERVE // 1024**2} MiB left: free disk space and run the same command again; nothing was changed."
                        )
                    copy.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise Refused("it is damaged") from None
        except (NotImplementedError, RuntimeError):  # an unknown method; a password
            raise Refused("it is encrypted, or packed in an unusual way") from None
        return size


@contextlib.contextmanager
def entries(path: Path, refuse: Callable[[str, str], None], most: int) -> Iterator[Iterator[Entry]]:
    """Give the files of a folder or an archive; `refuse(name, reason)` hears of those that are not given.

    An archive may list `most` files.

    Raises NotReadable for what is neither, or can't be read as a whole.
    """
    if path.is_dir():
        yield _of_folder(path, refuse)
        return
    crowded = f"{path} lists more than {most:,} files: that is no download of a class."
    try:
        if _directory_bytes(path) > most * _DIRECTORY_BYTES:  # before Python reads all of it into memory
            raise NotReadable(crowded)
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise NotReadable(f"There is no {path}: name the LMS's download, a zip file or a folder.") from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise NotReadable(
            f"{path} is no zip file, or is damaged: download it again, or unpack it and name the folder."
        ) from None
    except OSError as error:
        raise NotReadable(f"{path} can't be read ({error.strerror}): mend its permissions.") from None
    with archive:
        if len(archive.infolist()) > most:
            raise NotReadable(crowded)
        yield _of_archive(archive, refuse)


def _directory_bytes(path: Path) -> int:
    """Return the size of an archive's list of files as it states it; that is what Python reads, however many files it says to list.

    The fields are at 12 in the record at the end of an archive and at 40 in the one of large archives, which lies right before it
    (sections 4.3.14 to 4.3.16 of PKWARE's APPNOTE).
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - (1 << 16) - 22 - 76))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return 0  # no archive at all, as Python is about to find out
    large = tail.rfind(b"PK\x06\x06", 0, end)
    if tail[max(0, end - 20) : end].startswith(b"PK\x06\x07") and large >= 0:
        return int.from_bytes(tail[large + 40 : large + 48], "little")
    return int.from_bytes(tail[end + 12 : end + 16], "little")


def _of_archive(archive: zipfile.ZipFile, refuse: Callable[[str, str], None]) -> Iterator[Entry]:
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        if info.is_dir() or _is_clutter(name):
            continue
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind and not stat.S_ISREG(kind):
            refuse(name, "it is a link or another special file")
        elif PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or ":" in name.split("/")[0]:
            refuse(name, "its path leads out of the archive")
        elif info.compress_type not in _METHODS:
            refuse(name, "it is packed in an unusual way")
        else:
            yield Entry(name, _time(info), _opener(archive, info))


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _time(info: zipfile.ZipInfo) -> float:
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _of_folder(root: Path, refuse: Callable[[str, str], None]) -> Iterator[Entry]:
    def unreadable(error: OSError) -> None:
        raise NotReadable(f"{error.filename} can't be read ({error.strerror}): mend its permissions.") from None

    for folder, folders, files in os.walk(root, onerror=unreadable):
        folders.sort()
        here = Path(folder)
        for name in [n for n in folders if (here / n).is_symlink()]:
            refuse((here / name).relative_to(root).as_posix(), "it is a link or another special file")
        for name in sorted(files):
            path = here / name
            shown = path.relative_to(root).as_posix()
            info = path.lstat()
            if _is_clutter(shown):
                continue
            if not stat.S_ISREG(info.st_mode):
                refuse(shown, "it is a link or another special file")
            else:
                yield Entry(shown, info.st_mtime, _opener_of_file(path))


def _opener_of_file(path: Path) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        try:
            # Not following a link that took the file's place meanwhile.
            return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")
        except OSError as error:
            raise Refused(f"it can't be read ({error.strerror})") from None

    return opened


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _CLUTTER or part.startswith("._") for part in parts)
