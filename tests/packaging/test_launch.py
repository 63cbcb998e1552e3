"""The launcher on imitated machines: every tool it may call is replaced by one that notes how it was called."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

LAUNCH = Path(__file__).resolve().parents[2] / "packaging" / "launch"
TOOLS = ("sh", "dirname", "mkdir", "env", "cat")
ALL_LIBRARIES = [line.split()[0] for line in LAUNCH.read_text().splitlines() if line.startswith("lib")]

WORKING_UV = """
[ "$1" = --version ] && { echo "uv 0.9.1"; exit 0; }
[ "$1" = sync ] && exit 0
for word in "$@"; do printf '[%s]' "$word" >>"$NOTES"; done
pwd >>"$NOTES"
exit 7
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the launcher is for POSIX systems")


@dataclass
class Machine:
    """A checkout and a PATH with nothing on it but what a test puts there."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    def has(self, name: str, script: str) -> None:
        file = self.folder / "bin" / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def launch(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self.folder / "bin"),
            "HOME": str(self.folder / "home"),
            "NOTES": str(self.folder / "notes"),
            "CI": "true",
        }
        command = [str(self.checkout / "packaging" / "launch"), *words]
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
        )

    @property
    def notes(self) -> str:
        file = self.folder / "notes"
        return file.read_text() if file.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian machine of somebody who is not root, with all libraries and a font, but without uv and Python."""
    machine = Machine(tmp_path)
    (machine.checkout / "packaging").mkdir(parents=True)
    shutil.copy(LAUNCH, machine.checkout / "packaging")
    fonts = tmp_path / "home" / ".local" / "share" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "font.ttf").touch()
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    machine.has("uname", "echo Linux")
    machine.has("id", "echo 1000")
    machine.has("ldconfig", "".join(f"echo '{library} (libc6) => /lib/{library}'\n" for library in ALL_LIBRARIES))
    machine.has("apt-get", 'echo "apt-get $*" >>"$NOTES"; echo chatter')
    # It has neither pip nor venv. That it runs at all keeps the launcher from looking for the system's own.
    machine.has("python3", '[ "$1" = -c ]')
    return machine


def test_words_and_exit_status_pass_through_unchanged(machine: Machine) -> None:
    machine.has("uv", WORKING_UV)
    result = machine.launch("gen-studio", "train", "two words", "*")
    assert machine.notes == f"[run][--no-sync][gen-studio][train][two words][*]{machine.checkout}\n"
    assert (result.returncode, result.stdout, result.stderr) == (7, "", "")


def test_without_words_it_says_what_to_run(machine: Machine) -> None:
    result = machine.launch()
    assert result.returncode == 1
    assert "packaging/launch gen-studio demo" in result.stderr


@pytest.mark.parametrize("on_the_path", ["", "echo shim >&2; exit 127", "echo uv 0.4.30"])
def test_a_missing_broken_or_old_uv_is_replaced_through_pip_once(machine: Machine, on_the_path: str) -> None:
    if on_the_path:
        machine.has("uv", on_the_path)
    source = machine.folder / "uv-from-pip"
    source.write_text(f"#!/bin/sh\n{WORKING_UV}")
    source.chmod(0o755)
    private = machine.checkout / ".uv"
    machine.has(
        "python3",
        f'case "$*" in *install*) {shutil.which("mkdir")} -p {private}/bin; '
        f"{shutil.which('cp')} {source} {private}/bin/uv; echo pip >>$NOTES;; esac",
    )
    assert machine.launch("pytest").returncode == 7
    assert machine.launch("pytest").returncode == 7
    assert machine.notes.count("pip\n") == 1
    assert machine.notes.count("[run][--no-sync][pytest]") == 2


def test_without_any_way_to_get_uv_it_says_so(machine: Machine) -> None:
    result = machine.launch("pytest")
    assert result.returncode == 1
    assert "There is neither pip, python3-venv, curl nor wget" in result.stderr
    assert "install uv" in result.stderr


def test_a_failed_download_of_uv_is_told_with_a_way_out(machine: Machine) -> None:
    machine.has("curl", "echo 'curl: no network' >&2; exit 6")
    result = machine.launch("pytest")
    assert result.returncode == 1
    assert "curl: no network" in result.stderr
    assert "Check the network" in result.stderr


def test_packages_that_cannot_be_installed_are_told_with_a_way_out(machine: Machine) -> None:
    machine.has("uv", '[ "$1" = --version ] && { echo "uv 0.9.1"; exit 0; }; exit 2')
    result = machine.launch("pytest")
    assert result.returncode == 1
    assert "could not be installed" in result.stderr


def test_root_on_debian_gets_the_missing_libraries(machine: Machine) -> None:
    machine.has("uv", WORKING_UV)
    machine.has("id", "echo 0")
    machine.has("ldconfig", "".join(f"echo '{library} (libc6)'\n" for library in ALL_LIBRARIES if "EGL" not in library))
    result = machine.launch("pytest")
    assert "libegl1\n[run]" in machine.notes
    assert result.returncode == 7
    assert result.stdout == ""


def test_root_on_fedora_gets_the_missing_libraries_by_their_names(machine: Machine) -> None:
    (machine.folder / "bin" / "apt-get").unlink()
    machine.has("dnf", 'echo "dnf $*" >>"$NOTES"; echo chatter')
    machine.has("uv", WORKING_UV)
    machine.has("id", "echo 0")
    machine.has("ldconfig", "".join(f"echo '{library} (libc6)'\n" for library in ALL_LIBRARIES if "EGL" not in library))
    result = machine.launch("pytest")
    assert "dnf install -y -q libEGL.so.1()(64bit)\n[run]" in machine.notes
    assert result.stdout == ""


def test_package_lists_are_fetched_where_an_install_fails_without(machine: Machine) -> None:
    machine.has("uv", WORKING_UV)
    machine.has("id", "echo 0")
    machine.has("ldconfig", "")
    machine.has(
        "apt-get",
        'echo "apt-get $1" >>"$NOTES"; [ "$1" = update ] && : >"$NOTES.lists"; [ -e "$NOTES.lists" ]',
    )
    machine.launch("pytest")
    assert machine.notes.startswith("apt-get install\napt-get update\napt-get install\n[run]")


def test_without_rights_the_command_to_run_is_told_and_the_launch_goes_on(machine: Machine) -> None:
    machine.has("uv", WORKING_UV)
    machine.has("sudo", "exit 1")
    machine.has("ldconfig", "".join(f"echo '{library} (libc6)'\n" for library in ALL_LIBRARIES if "EGL" not in library))
    result = machine.launch("pytest")
    assert "run `sudo apt-get install libegl1`" in result.stderr
    assert "Installing" not in result.stderr
    assert "apt-get" not in machine.notes
    assert result.returncode == 7
