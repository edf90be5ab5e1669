"""What Spark starts in place of Python: asks the importing process for a fork that runs the same command on the same descriptors.

Run as ``python -S -I launcher.py FOLDER PYTHON ARGUMENT…`` with FOLDER that of the importing process's socket. Where nobody answers, PYTHON
is executed instead. Lives as long as the fork, and passes on the signal to end. Imports nothing but the few modules it needs, because its
start is waited for.
"""

import json
import os
import signal
import socket
import struct
import sys


def ask(folder: str, request: dict, descriptors: list) -> socket.socket:
    """Return a connection on which the fork's answer will come."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    place = os.open(folder, os.O_RDONLY)  # the path of a socket may have 107 characters only
    try:
        connection.connect(f"/proc/self/fd/{place}/zygote")
    finally:
        os.close(place)
    body = json.dumps(request).encode("utf-8", "surrogateescape")
    data = struct.pack(">Q", len(body)) + body
    sent = socket.send_fds(connection, [data[: 1 << 15]], descriptors)
    connection.sendall(data[sent:])
    return connection


def main() -> None:
    """Run the command in a fork, and end when it has."""
    folder, command = sys.argv[1], sys.argv[2:]
    try:
        request = {"command": command, "environment": dict(os.environ), "folder": os.getcwd(), "orphan": True}  # noqa: PTH109
        connection = ask(folder, request, [0, 1, 2])
        answer = connection.makefile("rb").readline()
        pid = json.loads(answer)["pid"]
    except (OSError, ValueError):
        os.execv(command[0], command)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
    for descriptor in (0, 1, 2):
        os.close(descriptor)  # else this process would keep the other ends from seeing that the fork is gone
    while connection.recv(1):
        pass


if __name__ == "__main__":
    main()
