#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A little media server: PUT, GET and DELETE of /media/NAME, a list at /media. It says its port on
descriptor 3 once it can be reached."""

import http.server
import os
import pathlib
import sys
import threading

HOME = pathlib.Path(sys.argv[1])


class Handler(http.server.BaseHTTPRequestHandler):
    busy = True  # the first caller of /busy finds it so

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def file(self):
        return HOME / "media" / os.path.basename(self.path)

    def do_GET(self):
        if self.path == "/health":
            self.answer(200, b"fine")
        elif self.path == "/busy":
            was_busy, Handler.busy = Handler.busy, False
            self.answer(503 if was_busy else 200)
        elif self.path == "/media":
            self.answer(200, "\n".join(sorted(os.listdir(HOME / "media"))).encode())
        elif self.file().exists():
            self.answer(200, self.file().read_bytes())
        else:
            self.answer(404)

    def do_PUT(self):
        self.file().write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(201)

    def do_DELETE(self):
        if not self.file().exists():
            self.answer(404)
            return
        self.file().unlink()
        self.answer(204)

    def do_POST(self):
        self.answer(200)
        if self.path == "/stop":
            threading.Thread(target=self.server.shutdown).start()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with os.fdopen(3, "w") as ready:
    print(server.server_port, file=ready)
server.serve_forever()
