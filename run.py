"""Set Renewal Twin up in this folder and run it, with nothing but Python installed.

    python3 run.py                   set up, then open the window on the sample district; without
                                     a display make its pictures, scores and report instead
    python3 run.py VERB ...          set up, then the same as ``renewal-twin VERB ...``
    python3 run.py test [ARGS ...]   set up with the test tools, then every check and the short
                                     tests; ARGS go to pytest
    python3 run.py test --long       set up with the test tools, then the long tests, and those of
                                     the window once more on a screen, where Xvfb is there
    python3 run.py pictures [--all]  set up, then make the guide's pictures anew
    python3 run.py bench [ARGS ...]  set up, then measure our speed beside that of other tools
    python3 run.py lock              resolve pyproject.toml anew into the two lock files

On Windows the same with ``py run.py``. Everything is put into ``.venv`` beside this file; a second
start finds it there and needs no network.

This file uses the standard library alone, and syntax that an older Python still reads, so that
it can say which Python it needs.
"""

import ctypes
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "renewal-twin-setup.json"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

UV = "uv==0.13.9"
OLDEST, NEWEST = (3, 11), (3, 14)
"""The Pythons for which every locked package has a wheel."""

LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
FREE_BYTES = 3 * 10**9
"""Room that a first set-up needs: the packages, their downloads and the test tools."""

LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""Shared libraries that Qt and VTK load and their wheels do not bring, with Debian's packages.
VTK ends with a segmentation fault where it finds no GL, so this is asked before it is loaded."""

WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""The same for Qt's windows under X, needed where there is a display."""


ON_A_SCREEN = ("tests/gui", "tests/scene/test_viewport.py")
"""Tests of the window, which the short tier runs without a screen."""
SCREEN = "-screen 0 1920x1200x24"


class SetupError(Exception):
    """Something that only a person can change; its text is the one line they read."""


def say(line):
    """Tell the person at the terminal what happens now, apart from what the program prints."""
    print("run.py: " + line, file=sys.stderr, flush=True)


def has_display():
    """Return whether a window can be opened here."""
    if WINDOWS or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def is_root():
    """Return whether system packages may be installed without asking."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def check_python():
    """Refuse a Python for which the locked packages have no wheels."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(
            "Python {}.{} to {}.{} is needed, this is {}.{}".format(
                *OLDEST, *NEWEST, *sys.version_info[:2]
            )
        )
    if sys.maxsize < 2**32:
        raise SetupError("a 64-bit Python is needed, this one has 32 bits")


def run_quietly(command, what):
    """Run `command`; on a terminal it may talk, elsewhere only its reason for failing is kept."""
    try:
        if sys.stderr.isatty():
            done = subprocess.run(command, cwd=ROOT)
            reason = "see above"
        else:
            done = subprocess.run(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            reason = reason_of(done.stdout.decode("utf-8", "replace"))
    except OSError as error:
        raise SetupError(f"{what}: {error}") from None
    if done.returncode:
        raise SetupError(f"{what}: {reason}")


def reason_of(output):
    """Return one line that says why pip, uv or apt failed, out of the many they print."""
    lowered = output.lower()
    if "no space left" in lowered:
        return "the disk is full"
    offline = ("dns error", "failed to connect", "connection error", "name resolution")
    unreachable = ("max retries", "newconnectionerror", "timed out", "tcp connect")
    if any(sign in lowered for sign in offline + unreachable):
        return "the package index cannot be reached; connect to a network and run this again"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("error", "e:", "caused", "×"))]
    return (telling or lines or ["no reason given"])[-1]


def missing_libraries():
    """Return Debian's names of the packages whose shared library this machine cannot load."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = dict(LIBRARIES, **(WINDOW_LIBRARIES if has_display() else {}))
    return sorted(package for library, package in wanted.items() if not loads(library))


def loads(library):
    """Return whether the system's loader finds `library`."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_system_packages(packages, why):
    """Install Debian packages as root, or name the exact line that does."""
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if not shutil.which("apt-get"):
        raise SetupError("{}; install what Debian calls: {}".format(why, " ".join(packages)))
    if not is_root():
        raise SetupError(f"{why}; run: sudo {line}")
    say(f"{why}; running: {line}")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run_quietly(["apt-get", "update", "-q"], "the list of system packages could not be read")
    run_quietly(line.split(), "system packages could not be installed")


def ensure_system_libraries():
    """See to it that every shared library that Qt and VTK load is there."""
    missing = missing_libraries()
    if not missing:
        return
    install_system_packages(missing, "Qt and VTK lack system libraries")
    still = missing_libraries()
    if still:
        raise SetupError("still missing after their installation: " + " ".join(still))


def ensure_venv_module():
    """See to it that ``python -m venv`` can bring pip, which Debian keeps in its own package."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        install_system_packages([package], "this Python has no ensurepip")


def digest(tier):
    """Return what a set-up depends on: Python, this folder, uv, the project's facts, the lock."""
    facts = hashlib.sha256()
    for part in (sys.implementation.cache_tag, str(ROOT), UV):
        facts.update(part.encode())
    for path in (ROOT / "pyproject.toml", LOCKS[tier]):
        facts.update(path.read_bytes())
    return facts.hexdigest()


def read_stamp():
    """Return what the last complete set-up wrote, or nothing."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and PYTHON.exists() else {}


def ensure_packages(tier):
    """Install the locked packages and the project itself into ``.venv``, unless they are there.

    The lock of the tests holds that of a run as well, so a set-up for tests serves both.
    """
    stamp = read_stamp()
    if any(stamp.get(kind) == digest(kind) for kind in {tier, "test"}):
        return
    ensure_venv()
    say("installing packages into .venv (once; some minutes on a slow network)")
    uv = [str(PYTHON), "-m", "uv", "--quiet", "pip", "install", "--python", str(PYTHON)]
    if sys.stderr.isatty():
        uv.remove("--quiet")
    run_quietly(
        [*uv, "--require-hashes", "--only-binary", ":all:", "-r", str(LOCKS[tier])],
        "packages could not be installed",
    )
    run_quietly(
        [*uv, "--offline", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
        "the project could not be installed",
    )
    say("compiling the searches (once)")
    run_quietly([str(PYTHON), "-m", "twin.ahead.warming"], "the searches could not be compiled")
    STAMP.write_text(json.dumps({tier: digest(tier)}), encoding="utf-8")


def ensure_venv():
    """Make ``.venv`` with uv in it, anew where it belongs to another Python or is incomplete."""
    if PYTHON.exists() and kind_of(PYTHON) == sys.implementation.cache_tag:
        install_uv()
        return
    if shutil.disk_usage(ROOT).free < FREE_BYTES:
        raise SetupError(f"the disk has less than {FREE_BYTES // 10**9} GB free")
    ensure_venv_module()
    say("making .venv")
    run_quietly([sys.executable, "-m", "venv", "--clear", str(VENV)], ".venv could not be made")
    install_uv()


def kind_of(python):
    """Return ``cpython-311`` or the like, or "" where an environment's Python or pip is broken."""
    try:
        asked = [str(python), "-c", "import pip, sys; print(sys.implementation.cache_tag)"]
        said = subprocess.run(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        return said.decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def install_uv():
    """Put the pinned uv into ``.venv``; nothing happens where it is there already."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run_quietly([*pip, "install", UV], "uv could not be installed")


def resolve_locks():
    """Write both lock files from pyproject.toml: exact versions and hashes, no index named."""
    ensure_venv()
    compile_lock = [
        *(str(PYTHON), "-m", "uv", "pip", "compile", "--quiet", "--universal", "--upgrade"),
        *("--python-version", "{}.{}".format(*OLDEST), "--generate-hashes"),
        *("--no-header", "--no-annotate", "pyproject.toml", "--group", "install"),
    ]
    base, test = (str(LOCKS[tier].name) for tier in ("run", "test"))
    failed = "the lock could not be resolved"
    run_quietly([*compile_lock, "--output-file", base], failed)
    run_quietly(
        [*compile_lock, "--group", "test", "--constraint", base, "--output-file", test], failed
    )
    return 0


def run_tests(arguments):
    """Run every check and the short tests, or the long tests alone; return the exit status."""
    # One seed for hashes: the short tier draws the same examples on every run.
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", PYTHONHASHSEED="0")
    long = "--long" in arguments
    arguments = [argument for argument in arguments if argument != "--long"]
    tests = ("pytest", "-m", "pytest", "-n", "2", "-m", "long" if long else "not long", *arguments)
    checks = [
        ("ruff check", "-m", "ruff", "check"),
        ("ruff format", "-m", "ruff", "format", "--check"),
        ("mypy", "-m", "mypy"),
        ("import-linter", "-c", "from importlinter.cli import lint_imports_command as m; m()"),
    ]
    failed = []
    for name, *command in [tests] if long or arguments else [*checks, tests]:
        say(name)
        if subprocess.run([str(PYTHON), *command], cwd=ROOT, env=environment).returncode:
            failed.append(name)
    if long and not arguments and not passes_on_a_screen(environment):
        failed.append("the window on a screen")
    say("failed: " + ", ".join(failed) if failed else "all passed")
    return 1 if failed else 0


def passes_on_a_screen(environment):
    """Run the window's tests under X, on a screen of their own; return whether none failed.

    One after the other, for a screen has one keyboard. Where there is no such screen to be had
    that is said, and nothing has failed.
    """
    lacking = no_screen()
    if lacking:
        say(f"the window on a screen: not run, {lacking}")
        return True
    say("the window on a screen")
    pytest = [str(PYTHON), "-m", "pytest", "-m", "not long", *ON_A_SCREEN]
    on_screen = dict(environment, QT_QPA_PLATFORM="xcb")
    screen = ["xvfb-run", "--auto-servernum", "--server-args", SCREEN]
    return not subprocess.run([*screen, *pytest], cwd=ROOT, env=on_screen).returncode


def no_screen():
    """Return why no window can be tested on a screen here, "" where one can."""
    if not sys.platform.startswith("linux"):
        return "Xvfb is for Linux"
    if not shutil.which("xvfb-run"):
        return "xvfb-run is missing; Debian has it in xvfb and xauth"
    lacking = sorted(name for library, name in WINDOW_LIBRARIES.items() if not loads(library))
    return "Qt lacks what Debian calls " + " ".join(lacking) if lacking else ""


def main(arguments):
    """Set up what `arguments` need, run it and return its exit status."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 0
    check_python()
    testing = arguments[:1] == ["test"]
    if arguments == ["lock"]:
        return resolve_locks()
    ensure_system_libraries()
    ensure_packages("test" if testing else "run")
    if testing:
        return run_tests(arguments[1:])
    if arguments[:1] == ["pictures"]:
        command = [str(PYTHON), str(ROOT / "docs" / "pictures.py"), *arguments[1:]]
        return subprocess.run(command, cwd=ROOT).returncode
    if arguments[:1] == ["bench"]:
        command = [str(PYTHON), "-m", "benchmarks", *arguments[1:]]
        return subprocess.run(command, cwd=ROOT).returncode
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl+C is the command's to obey, not ours
    return subprocess.run([str(PYTHON), "-P", "-m", "gui.command", *arguments]).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as refusal:
        say(str(refusal))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
