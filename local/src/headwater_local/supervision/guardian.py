"""The guardian: stops the parts when the supervisor is gone without a word.

``headwater up`` starts it with a pipe as standard input and never writes to it.
When the supervisor ends in whatever way, SIGKILL included, the system closes
the pipe, and the guardian stops what still runs, in order, the stand-in gently
so that it saves the stream. After a normal end there is nothing left to stop.

It holds the lock of the data directory as the supervisor does, so that no new
run begins before it is done.
"""

import subprocess
import sys
from pathlib import Path

from headwater_local.data_dir import DataDir
from headwater_local.supervision import leftovers


def start(data_dir: DataDir, lock_descriptor: int) -> subprocess.Popen[bytes]:
    """Start a guardian for a data directory; close its stdin to release it.

    It prints ``ready`` when it watches.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "headwater_local.supervision.guardian", str(data_dir.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(lock_descriptor,),
        start_new_session=True,
    )


def main() -> None:
    """Wait for the end of standard input, then stop what is left."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    data_dir = DataDir.at(Path(sys.argv[1]))
    leftovers.stop_all(data_dir)
    data_dir.withdraw()


if __name__ == "__main__":
    main()
