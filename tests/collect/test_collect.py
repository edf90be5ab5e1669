"""`lakelab collect`: whose a file is, the latest version in its place and none lost, and nothing that a download can break."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from lakelab.collect import Collected, archive, collect, sorting
from lakelab.grading.course import Course
from lakelab.grading.errors import GradingError
from lakelab.lms.downloads import HandedIn, folder_name, recognise, stems
from lakelab.lms.ledger import Ledger

A, B = b'{"cells": [], "a": 1}', b'{"cells": [], "b": 2}'
MOODLE = "{name}_{id}_assignsubmission_file"


def zipped(files: dict[str, bytes], when: tuple[int, ...] = (2026, 9, 1, 12, 0, 0)) -> bytes:
    """Return an archive of these files, all of one date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, when), content, zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]
    return buffer.getvalue()


@pytest.fixture
def run(tiny_course: Path, tmp_path: Path):
    """Collect an archive of these files."""
    (tiny_course / "submitted").mkdir(exist_ok=True)

    def collected(files: dict[str, bytes] | bytes, when: tuple[int, ...] = (2026, 9, 1, 12, 0, 0)) -> Collected:
        path = tmp_path / "download.zip"
        path.write_bytes(files if isinstance(files, bytes) else zipped(files, when))
        return collect(path, course_root=tiny_course)

    return collected


def submitted(root: Path) -> dict[str, bytes]:
    """Return all notebooks in `submitted/`, the earlier ones too, without dates and digests in their names."""
    found: dict[str, bytes] = {}
    for path in sorted((root / "submitted").rglob("*.ipynb")):
        name = path.relative_to(root / "submitted").as_posix()
        found[name.split("--")[0]] = path.read_bytes()
    return found


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("doejane_12345_67890_2_1_explore.ipynb", HandedIn("canvas", "doejane", "12345", "2_1_explore.ipynb", 67890)),
        ("doejane_LATE_12345_67890_sums.ipynb", HandedIn("canvas", "doejane", "12345", "sums.ipynb", 67890, True)),
        ("学生_7_8_sums.ipynb", HandedIn("canvas", "学生", "7", "sums.ipynb", 8)),
        (
            "anon_AbC12_987_2_1_explore.ipynb",
            HandedIn("canvas", "anon_AbC12", "anon_AbC12", "2_1_explore.ipynb", 987, scope="assignment"),
        ),
        (
            "LATE_anon_AbC12_987_sums.ipynb",
            HandedIn("canvas", "anon_AbC12", "anon_AbC12", "sums.ipynb", 987, True, "assignment"),
        ),
        (
            "Jane Doe_657737_assignsubmission_file_/drafts/sums.ipynb",
            HandedIn("moodle", "Jane Doe", "657737", "sums.ipynb", scope="assignment"),
        ),
        (
            "Course-Lab 2-77/Jane Doe_657737_assignsubmission_file/sums.ipynb",
            HandedIn("moodle", "Jane Doe", "657737", "sums.ipynb", scope="assignment"),
        ),
        (
            "Jane Doe_657737_assignsubmission_file_sums.ipynb",
            HandedIn("moodle", "Jane Doe", "657737", "sums.ipynb", scope="assignment"),
        ),
        ("Jane Doe_657737_assignsubmission_onlinetext/onlinetext.html", None),
        ("2_1_explore.ipynb", None),
        ("sums.ipynb", None),
    ],
)
def test_names_of_downloads(path: str, told: HandedIn | None) -> None:
    assert recognise(path) == told


def test_names_made_to_take_long() -> None:
    before = time.process_time()
    assert recognise("a_1" * 20_000 + "_assignsubmission_fil/x.ipynb") is None
    recognise("a_1" * 300)
    assert time.process_time() - before < 5


def test_marks_of_a_copy() -> None:
    for name in ("a-1", "a (2)", "a-Copy1", "a copy", "a - Copy", "a (1)-2"):
        assert stems(f"{name}.ipynb")[-1] == "a"
    assert "2_1_explore" in stems("2_1_explore.ipynb")


def test_folder_names_are_harmless() -> None:
    for odd in (
        "../../etc/passwd",
        "..",
        ".hidden",
        "a\x00b\nc",
        "x" * 500,
        "C:\\x",
        "\u202eevil",
        "",
        os.fsdecode(b"Jos\xe9"),
    ):
        name = folder_name(odd)
        assert name
        assert not name.startswith(".")
        assert not set(name) & set("/\\:\x00\n\u202e")
        assert len(name.encode()) <= 400
    assert folder_name("Jose\u0301 Nu\u0301n\u0303ez") == "José Núñez"


def test_canvas(run, tiny_course: Path) -> None:
    result = run(
        {"doejane_LATE_12_100_sums-1.ipynb": A, "roeric_13_101_lists.ipynb": B, "roeric_13_102_notes.pdf": b"x"}
    )
    assert submitted(tiny_course) == {"doejane_12/arith/sums.ipynb": A, "roeric_13/arith/lists.ipynb": B}
    assert (result.late, result.other_files, result.left) == (["doejane_12"], 1, [])
    assert result.assignments == ["arith"]


def test_moodle_with_people_of_one_name(run, tiny_course: Path) -> None:
    two = {f"{MOODLE.format(name='Jane Doe', id=number)}/sums.ipynb": content for number, content in ((1, A), (2, B))}
    run({**two, f"{MOODLE.format(name='Max Roe', id=3)}/sums.ipynb": A})
    assert submitted(tiny_course) == {
        "Jane Doe 1/arith/sums.ipynb": A,
        "Jane Doe 2/arith/sums.ipynb": B,
        "Max Roe/arith/sums.ipynb": A,
    }
    run(
        {
            f"{MOODLE.format(name='max roe', id=4)}/sums.ipynb": B,
            f"{MOODLE.format(name='Max Roe', id=3)}/lists.ipynb": A,
        }
    )
    assert submitted(tiny_course)["Max Roe/arith/sums.ipynb"] == A
    assert submitted(tiny_course)["max roe 4/arith/sums.ipynb"] == B
    assert submitted(tiny_course)["Max Roe/arith/lists.ipynb"] == A


def test_the_later_attachment_counts_in_whatever_order_downloads_are_collected(run, tiny_course: Path) -> None:
    newer, older = {"doejane_12_200_sums.ipynb": B}, {"doejane_12_100_sums.ipynb": A}
    assert run(newer).new == ["doejane_12/arith/sums.ipynb"]
    result = run(older, (2026, 12, 1, 12, 0, 0))  # Canvas's archives carry the time of the download
    assert (result.unchanged, result.older) == (["doejane_12/arith/sums.ipynb"],) * 2
    found = {"doejane_12/arith/sums.ipynb": B, ".earlier/doejane_12/arith/sums": A}
    assert submitted(tiny_course) == found
    for again in (older, newer, older):
        assert run(again).replaced == []
    assert submitted(tiny_course) == found


def test_a_resubmission_replaces_and_nothing_is_lost(run, tiny_course: Path) -> None:
    name = f"{MOODLE.format(name='Jane Doe', id=1)}/sums.ipynb"
    run({name: A})
    assert run({name: A}).unchanged == ["Jane Doe/arith/sums.ipynb"]
    assert run({name: B}, (2026, 9, 2, 12, 0, 0)).replaced == ["Jane Doe/arith/sums.ipynb"]
    assert submitted(tiny_course) == {"Jane Doe/arith/sums.ipynb": B, ".earlier/Jane Doe/arith/sums": A}
    course = Course.open(tiny_course)
    assert course.students() == ["Jane Doe"]  # what begins with a dot is nobody


def test_two_versions_in_one_download(run, tiny_course: Path) -> None:
    run({"doejane_12_101_sums-1.ipynb": B, "doejane_12_100_sums.ipynb": A})
    assert submitted(tiny_course) == {"doejane_12/arith/sums.ipynb": B, ".earlier/doejane_12/arith/sums": A}


def test_a_file_that_was_put_there_by_hand_is_kept(run, tiny_course: Path) -> None:
    place = tiny_course / "submitted" / "doejane_12" / "arith" / "sums.ipynb"
    place.parent.mkdir(parents=True)
    place.write_bytes(A)
    os.utime(place, (time.time() + 86400,) * 2)  # later than the download: the person's own work
    run({"doejane_12_100_sums.ipynb": B})
    assert submitted(tiny_course) == {"doejane_12/arith/sums.ipynb": A, ".earlier/doejane_12/arith/sums": B}


def test_students_own_archives(run, tiny_course: Path) -> None:
    inner = zipped({"my work/sums.ipynb": A, "__MACOSX/._sums.ipynb": b"x", "deeper.zip": zipped({"lists.ipynb": B})})
    result = run(
        {f"{MOODLE.format(name='Jane Doe', id=1)}/all.zip": inner, "broken_2_3_x.zip": b"PK", "roe_4_5_sums.ipynb": B}
    )
    assert submitted(tiny_course) == {"Jane Doe/arith/sums.ipynb": A, "roe_4/arith/sums.ipynb": B}
    assert [why for _, why in result.left] == [
        "it is a zip file inside a zip file inside the download",
        "it is no zip file, is damaged, or lists too many files",
    ]


def test_a_folder_of_downloads(tiny_course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    (folder / "Jane Doe_1_assignsubmission_file").mkdir(parents=True)
    (folder / "Jane Doe_1_assignsubmission_file" / "sums.ipynb").write_bytes(A)
    (folder / "canvas.zip").write_bytes(zipped({"roe_4_5_lists.ipynb": B}))
    (folder / "nbgrader" / "eve" / "arith").mkdir(parents=True)
    (folder / "nbgrader" / "eve" / "arith" / "sums.ipynb").write_bytes(B)
    collect(folder, course_root=tiny_course)
    assert submitted(tiny_course) == {
        "Jane Doe/arith/sums.ipynb": A,
        "eve/arith/sums.ipynb": B,
        "roe_4/arith/lists.ipynb": B,
    }


def test_nbgraders_naming_where_the_course_configures_it(run, tiny_course: Path) -> None:
    with (tiny_course / "nbgrader_config.py").open("a") as file:
        file.write(r"""
c.FileNameCollectorPlugin.named_regexp = r".*ps1_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
""")
    run({"x/ps1_bitdiddle_attempt_2016-01-30-15-00-00_sums.ipynb": A})
    assert submitted(tiny_course) == {"bitdiddle/arith/sums.ipynb": A}


def test_a_notebook_under_another_name_stays_visible(run, tiny_course: Path) -> None:
    result = run({"roe_4_5_sums.ipynb": A, "doe_6_7_my homework.ipynb": B})
    assert result.odd == ["doe_6/arith/my homework.ipynb"]
    assert submitted(tiny_course)["doe_6/arith/my homework.ipynb"] == B


# What a download can do


def link(name: str, target: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def test_paths_and_links_lead_nowhere(run, tiny_course: Path) -> None:
    before = sorted(tiny_course.parent.rglob("*"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("../../../a_1_2_sums.ipynb", A)
        made.writestr("/etc/b_1_2_sums.ipynb", A)
        made.writestr("..\\..\\c_1_2_sums.ipynb", A)
        made.writestr("C:\\d_1_2_sums.ipynb", A)
        made.writestr("../..\u002f_5_assignsubmission_file/sums.ipynb", A)
        made.writestr(".._6_assignsubmission_file/sums.ipynb", A)
        made.writestr(link("e_1_2_sums.ipynb", "x"), "/etc/passwd")
        made.writestr("good_1_2_sums.ipynb", B)
    result = run(buffer.getvalue())
    assert submitted(tiny_course) == {"good_1/arith/sums.ipynb": B, "unnamed/arith/sums.ipynb": A}
    assert len(result.left) == 6
    made_outside = [
        path
        for path in tiny_course.parent.rglob("*")
        if path not in before and tiny_course / "submitted" not in path.parents and path.name != "download.zip"
    ]
    assert made_outside == []


def test_links_and_pipes_of_a_folder_are_not_read(tiny_course: Path, tmp_path: Path) -> None:
    folder, secret = tmp_path / "downloads", tmp_path / "secret"
    folder.mkdir()
    secret.mkdir()
    (secret / "x_1_2_sums.ipynb").write_bytes(b"secret")
    (folder / "a_1_2_sums.ipynb").symlink_to(secret / "x_1_2_sums.ipynb")
    (folder / "away").symlink_to(secret)
    os.mkfifo(folder / "b_1_2_sums.ipynb")
    (folder / "good_1_2_sums.ipynb").write_bytes(A)
    result = collect(folder, course_root=tiny_course)
    assert submitted(tiny_course) == {"good_1/arith/sums.ipynb": A}
    assert len(result.left) == 3


def test_a_bomb_takes_nothing_from_others(run, tiny_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakelab.collect.sorting.MAX_BYTES", 1 << 20)
    monkeypatch.setattr("lakelab.collect.sorting.PERSON_BYTES", 3 << 20)
    big = bytes(2 << 20)
    many = {f"{number}/sums.ipynb": bytes((1 << 20) - number) for number in range(10)}
    result = run(
        {
            "aa_1_1_sums.ipynb": big,
            "bb_2_2_all.zip": zipped({"sums.ipynb": big}),
            "cc_3_3_all.zip": zipped(many),
            "good_4_4_sums.ipynb": A,
        }
    )
    found = submitted(tiny_course)
    assert found["good_4/arith/sums.ipynb"] == A
    assert {name.split("/")[0] for name in found} == {"good_4", "cc_3", ".earlier"}
    assert sum(len(content) for name, content in found.items()) < 4 << 20
    assert len(result.left) >= 8
    assert all("more than" in why for _, why in result.left)
    assert list((tiny_course / "submitted").glob(".incoming-*")) == []


def test_an_archive_of_nothing_but_a_list_is_not_read(run, tiny_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python would hold every line of it in memory before anybody could count them."""
    many = zipped({f"{number}.txt": b"" for number in range(500)})
    lying = bytearray(many)
    end = lying.rindex(b"PK\x05\x06")
    lying[end + 8 : end + 12] = b"\x01\x00\x01\x00"  # says that there is one file
    large = bytearray(many)
    size, start = (
        int.from_bytes(many[end + 12 : end + 16], "little"),
        int.from_bytes(many[end + 16 : end + 20], "little"),
    )
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, start)
    large[end:end] = record + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    large[end + 76 + 12 : end + 76 + 20] = b"\xff" * 8
    with zipfile.ZipFile(io.BytesIO(large)) as readable:
        assert len(readable.namelist()) == 500
    download = zipped({"aa_1_1_x.zip": bytes(lying), "bb_2_2_x.zip": bytes(large), "cc_3_3_sums.ipynb": A})
    monkeypatch.setattr(sorting, "PERSON_ENTRIES", 20)
    opened = []
    real = zipfile.ZipFile
    monkeypatch.setattr(archive.zipfile, "ZipFile", lambda path: opened.append(path) or real(path))
    result = run(download)
    assert [why for _, why in result.left] == ["it is no zip file, is damaged, or lists too many files"] * 2
    assert len(opened) == 1
    assert submitted(tiny_course) == {"cc_3/arith/sums.ipynb": A}


def test_unusual_packing_is_left(run, tiny_course: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("aa_1_1_sums.ipynb", A)
        made.writestr(zipfile.ZipInfo("bb_2_2_sums.ipynb"), B)
    assert run(buffer.getvalue()).left == [("aa_1_1_sums.ipynb", "it is packed in an unusual way")]


def test_sizes_that_an_archive_claims_are_not_believed(run, tiny_course: Path) -> None:
    content = bytearray(zipped({"aa_1_1_sums.ipynb": bytes(100_000), "good_4_4_sums.ipynb": A}))
    position = content.index(b"PK\x01\x02")  # the directory's entry: uncompressed size at offset 24
    content[position + 24 : position + 28] = (5).to_bytes(4, "little")
    result = run(bytes(content))
    assert submitted(tiny_course) == {"good_4/arith/sums.ipynb": A}
    assert result.left == [("aa_1_1_sums.ipynb", "it is damaged")]


def test_an_encrypted_file_is_left(run, tiny_course: Path) -> None:
    content = bytearray(zipped({"aa_1_1_sums.ipynb": B, "good_4_4_sums.ipynb": A}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    assert [why for _, why in run(bytes(content)).left] == ["it is encrypted, or packed in an unusual way"]
    assert submitted(tiny_course) == {"good_4/arith/sums.ipynb": A}


def test_what_is_in_the_way_is_not_followed(run, tiny_course: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (tiny_course / "submitted" / "aa_1").symlink_to(away)
    (tiny_course / "submitted" / "bb_2" / "arith" / "sums.ipynb").mkdir(parents=True)
    result = run({"aa_1_1_sums.ipynb": A, "bb_2_2_sums.ipynb": A, "good_4_4_sums.ipynb": A})
    assert list(away.iterdir()) == []
    assert (tiny_course / "submitted" / "good_4" / "arith" / "sums.ipynb").read_bytes() == A
    assert len(result.left) == 2


# What a person is told


def complaint(download: Path, root: Path, **more: str) -> str:
    before = submitted(root)
    with pytest.raises(GradingError) as told:
        collect(download, course_root=root, **more)
    assert submitted(root) == before
    assert list((root / "submitted").glob(".incoming-*")) == []
    assert "\n" not in str(told.value)
    return str(told.value)


def test_bad_input_is_one_sentence(tiny_course: Path, tmp_path: Path) -> None:
    (tiny_course / "submitted").mkdir(exist_ok=True)
    path = tmp_path / "download.zip"
    assert "There is no" in complaint(path, tiny_course)
    for content in (b"", b"text", zipped({"doe_1_2_sums.ipynb": A})[:-30]):
        path.write_bytes(content)
        assert "no zip file, or is damaged" in complaint(path, tiny_course)
    for files in ({}, {"readme.txt": b"x"}, {"sums.ipynb": A}, {"doe_1_2_physics.ipynb": A}):
        path.write_bytes(zipped(files))
        assert "is a lab of this course" in complaint(path, tiny_course)
        assert "sums" in complaint(path, tiny_course)
    assert "no assignment 'algebra'" in complaint(path, tiny_course, assignment="algebra")
    assert "collected to" in complaint(tiny_course, tiny_course)
    assert "collected to" in complaint(tiny_course / "submitted", tiny_course)


def test_a_name_of_two_assignments_asks_which(tiny_course: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_course / "source" / "arith", tiny_course / "source" / "more")
    path = tmp_path / "download.zip"
    path.write_bytes(zipped({"doe_1_2_sums.ipynb": A}))
    (tiny_course / "submitted").mkdir(exist_ok=True)
    assert "--assignment" in complaint(path, tiny_course)
    collect(path, assignment="more", course_root=tiny_course)
    assert submitted(tiny_course) == {"doe_1/more/sums.ipynb": A}


def test_too_many_files(tiny_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MAX_ENTRIES", 2)
    path = tmp_path / "download.zip"
    path.write_bytes(zipped({f"{number}.txt": b"" for number in range(3)}))
    (tiny_course / "submitted").mkdir(exist_ok=True)
    assert "no download of a class" in complaint(path, tiny_course)


def test_a_full_disk_changes_nothing(tiny_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "download.zip"
    path.write_bytes(zipped({"doe_1_2_sums.ipynb": A}))
    (tiny_course / "submitted").mkdir(exist_ok=True)
    monkeypatch.setattr(archive, "RESERVE", 1 << 60)
    assert "free disk space" in complaint(path, tiny_course)


def test_interrupted_while_placing_and_run_again(run, tiny_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"p{letter}_{number}_{number}_sums.ipynb": A for number, letter in enumerate("abcd", start=1)}
    place, calls = sorting._move, []

    def full(*args: object) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise OSError(28, "No space left on device", "x")
        place(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(sorting, "_move", full)
    with pytest.raises(GradingError, match="free disk space"):
        run(files)
    monkeypatch.undo()
    (tiny_course / "submitted" / ".incoming-killed").mkdir()
    run(files)
    assert list((tiny_course / "submitted").glob(".incoming-*")) == []
    assert len(submitted(tiny_course)) == 4
    assert len(Ledger.read(Course.open(tiny_course)).files) == 4


def test_one_at_a_time_and_a_broken_ledger(run, tiny_course: Path) -> None:
    with Ledger.opened(Course.open(tiny_course)), pytest.raises(GradingError, match="Another 'lakelab collect'"):
        run({"doe_1_2_sums.ipynb": A})
    (tiny_course / "submitted" / ".collected.json").write_text("{")
    with pytest.raises(GradingError, match=r"collected\.json can't be read"):
        run({"doe_1_2_sums.ipynb": A})


def test_the_command(tiny_course: Path, tmp_path: Path) -> None:
    path = tmp_path / "down[load].zip"
    path.write_bytes(zipped({"doe_1_2_sums.ipynb": A, "roe_LATE_3_4_lists.ipynb": B, "[x].ipynb": A}))
    command = [sys.executable, "-m", "lakelab", "collect", str(path), "--course", str(tiny_course)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert "2 students" in told.stdout
    assert "roe_3" in told.stdout
    assert "[x].ipynb" in told.stdout
    as_json = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(as_json.stdout)["unchanged"] == ["doe_1/arith/sums.ipynb", "roe_3/arith/lists.ipynb"]
