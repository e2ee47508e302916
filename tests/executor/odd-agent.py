#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An agent that speaks the language of agents, and says what none would.

What its slots say to the first attempt is its name: RELEASED, FINISHED twice, and so on.
"""

import array
import os
import socket
import struct
import sys

HELLO, OPEN, GONE, RUN, STOP, RELEASE, RELEASED, OUTPUT, FINISHED = range(1, 10)
KEPT = 1 << 3


def frame(kind, payload):
    return struct.pack("<IB", len(payload) + 1, kind) + payload


def receive(sock, files):
    """The next frame, or nothing at the end. Descriptors that come along are appended to @files."""
    data = b""
    while len(data) < 5 or len(data) < 4 + struct.unpack_from("<I", data)[0]:
        try:
            part, controls, _, _ = sock.recvmsg(1, socket.CMSG_LEN(4))
        except ConnectionError:
            part = b""
        if not part:
            return None, b""
        data += part
        for _, _, control in controls:
            files.extend(array.array("i", control))
    return data[4], data[5:]


def finished(attempt, flags=0):
    return frame(FINISHED, struct.pack("<QBIIIIqqI", attempt, 0, 0, 0, 0, flags, 1, 2, 0))


def odd_frames(payload):
    attempt = payload[:8]
    number, = struct.unpack("<Q", attempt)
    if b"released-first" in payload:
        return frame(RELEASED, attempt)
    if b"kept-by-no-fixture" in payload:
        return finished(number, KEPT)
    if b"finished-twice" in payload:
        return finished(number, KEPT) + finished(number)
    if b"output-after-the-end" in payload:
        return finished(number, KEPT) + frame(OUTPUT, attempt + struct.pack("<BQI", 0, 0, 1) + b"x")
    return finished(number)


def serve(slot):
    files = []
    while True:
        kind, payload = receive(slot, files)
        if kind is None:
            return
        if kind == RUN:
            slot.sendall(odd_frames(payload))


def main():
    # The runner waits for the program that it started, which only forks.
    if os.fork() != 0:
        os._exit(0)
    link = socket.socket(fileno=0)
    link.setblocking(True)
    files = []
    receive(link, files)
    link.sendall(frame(HELLO, struct.pack("<III", 0x44534147, 3, 1) + struct.pack("<I", 1) + b"/\0" + b"\0"))
    while True:
        kind, payload = receive(link, files)
        if kind is None:
            return 0
        if kind == OPEN:
            slot = socket.socket(fileno=files.pop())
            slot.setblocking(True)
            serve(slot)
            slot.close()
            link.sendall(frame(GONE, payload))


if __name__ == "__main__":
    sys.exit(main())
