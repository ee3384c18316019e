"""A FUSE pass-through that hangs when told to: hanging-fuse.py SOURCE MOUNTPOINT.

Reads commands from standard input, a line each: `hang OPERATION` (readdir or getattr) and `release`.
The end of standard input unmounts and ends it, so that it never outlives the test that started it.
Writes `mounted` when it serves, and `blocked OPERATION PATH` for every call that it holds back.
The root and what lies directly in it never hang, so that calls in different directories hang independently:
the kernel lets only one look-up at a time into a directory.
"""

import errno
import os
import subprocess
import sys
import threading

try:
    from fusepy import FUSE, FuseOSError, Operations
except ImportError:
    from fuse import FUSE, FuseOSError, Operations

STAT_FIELDS = ("st_atime", "st_ctime", "st_gid", "st_mode", "st_mtime", "st_nlink", "st_size", "st_uid")


def say(line):
    os.write(1, (line + "\n").encode())


class HangingPassThrough(Operations):
    def __init__(self, source, mount_point):
        self.source = source
        self.mount_point = mount_point
        self.hanging = None
        self.released = threading.Event()
        self.released.set()

    def init(self, path):
        threading.Thread(target=self.obey, daemon=True).start()
        say("mounted")

    def obey(self):
        for line in sys.stdin:
            command, _, operation = line.strip().partition(" ")
            if command == "hang":
                self.released.clear()
                self.hanging = operation
            else:
                self.hanging = None
                self.released.set()
        subprocess.run(["umount", "-l", self.mount_point], check=False)
        os._exit(0)

    def hold(self, operation, path):
        if self.hanging == operation:
            say(f"blocked {operation} {path}")
            self.released.wait()

    def getattr(self, path, fh=None):
        if path.count("/") > 1:
            self.hold("getattr", path)
        try:
            stats = os.lstat(self.source + path)
        except OSError as error:
            raise FuseOSError(error.errno or errno.EIO)
        return {field: getattr(stats, field) for field in STAT_FIELDS}

    def readdir(self, path, fh):
        if path != "/":
            self.hold("readdir", path)
        return [".", "..", *os.listdir(self.source + path)]

    def readlink(self, path):
        return os.readlink(self.source + path)


if __name__ == "__main__":
    source, mount_point = sys.argv[1:]
    FUSE(
        HangingPassThrough(source, mount_point),
        mount_point,
        foreground=True,
        nothreads=False,
        attr_timeout=0,
        entry_timeout=0,
        fsname="hanging-fuse",
    )
