"""How the tests start an image: by podman, which needs no daemon."""

from typing import Final

# Open files and processes, as "Lambda quotas" in the developer guide has them.
_QUOTAS: Final = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")

PODMAN: Final = (
    *("podman", "run", "--rm", "--runtime", "runc"),
    *("--network", "host", "--cgroup-manager", "cgroupfs", *_QUOTAS),
)
