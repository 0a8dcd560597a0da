"""A private PostgreSQL cluster for tests and measurements, made from Debian's `postgresql` package.

``python -m tests.postgres -- COMMAND…`` runs the command with ``GONGKAI_DATABASE_URL`` set and returns its exit status.
The cluster lives in a folder of its own, listens on a Unix socket only, and is stopped and deleted at the end.
"""

import contextlib
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

START_SECONDS = 60
STOP_SECONDS = 30
USER = "gongkai"
# Speed instead of safety: the data is thrown away. The isolation and the locks are those of production.
CONFIGURATION = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "timezone": "Asia/Shanghai",
}


class PostgresMissing(Exception):
    """PostgreSQL cannot be started here; the message says why and what to do."""


@contextlib.contextmanager
def private_cluster() -> Iterator[str]:
    """Start a cluster, yield its database URL, stop it by its own process id, delete it."""
    programs = _newest_programs()
    owner = _owner()
    # A socket path has a limit of about a hundred characters, which a deep TMPDIR would pass.
    folder = Path(tempfile.mkdtemp(prefix="gongkai-postgres-", dir="/tmp"))
    try:
        shutil.chown(folder, owner)
        data = folder / "data"
        identity = ("--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8")
        _run([programs / "initdb", "--pgdata", data, "--no-sync", *identity], owner)
        with (folder / "log").open("wb") as log:
            settings = [argument for name, value in CONFIGURATION.items() for argument in ("-c", f"{name}={value}")]
            server = subprocess.Popen(
                _as(owner, [programs / "postgres", "-D", data, "-k", folder, *settings], dies_with_us=True),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                start_new_session=True,  # Ctrl-C reaches the tests first, and the cluster through us
            )
        try:
            _wait_until_ready(programs, folder, server)
            _run([programs / "createdb", "--host", folder, "--username", USER, USER], owner)
            yield f"postgres://{USER}@/{USER}?host={folder}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder)


def _newest_programs() -> Path:
    """The `bin` folder of the newest installed release (Debian keeps it off the PATH)."""
    releases = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if releases:
        return max(releases, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path is None:
        raise PostgresMissing(
            "PostgreSQL is not installed, and the tests never leave it out: apt-get install postgresql"
        )
    return Path(on_path).resolve().parent


def _owner() -> str:
    """The user that runs the cluster: ourselves, but `postgres` for root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return getpass.getuser()
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise PostgresMissing("Run as root, the tests need the user `postgres` of Debian's package.") from None


def _as(owner: str, command: Sequence[str | Path], *, dies_with_us: bool = False) -> list[str]:
    """The command as that user; the server also gets a fast shutdown should this process be killed."""
    prefix = ["setpriv"]
    if dies_with_us:
        prefix += ["--pdeathsig", "INT"]
    if os.geteuid() == 0:
        prefix += ["--reuid", owner, "--regid", owner, "--init-groups"]
    return [*(prefix if len(prefix) > 1 else []), *map(str, command)]


def _run(command: Sequence[str | Path], owner: str) -> None:
    done = subprocess.run(_as(owner, command), capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise PostgresMissing(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    ready = [str(programs / "pg_isready"), "--quiet", "--host", str(folder), "--dbname", "postgres"]
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > give_up_at:
            last_lines = "\n".join((folder / "log").read_text(errors="replace").splitlines()[-10:])
            raise PostgresMissing(f"The private PostgreSQL cluster did not start:\n{last_lines}")
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown (open transactions are rolled back), then ever less politely."""
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(request)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def main(arguments: Sequence[str]) -> int:
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        sys.stderr.write("usage: python -m tests.postgres -- COMMAND…\n")
        return 2
    signal.signal(signal.SIGTERM, _leave)
    try:
        with private_cluster() as url:
            return subprocess.run(command, env={**os.environ, "GONGKAI_DATABASE_URL": url}, check=False).returncode
    except PostgresMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
