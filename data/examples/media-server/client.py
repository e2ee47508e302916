#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tests of the server's interface. $MEDIA_URL comes from the fixture that started it."""

import os
import sys
import urllib.error
import urllib.request

URL = os.environ["MEDIA_URL"]
NAMES = ["intro.mkv", "trailer.mkv"]


def ask(method, path, body=None):
    request = urllib.request.Request(URL + path, data=body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def health():
    return ask("GET", "/health") == (200, b"fine")


def upload():
    """Speaks TAP: one point for each thing that it finds out."""
    film = os.urandom(100_000)
    points = []
    for name in NAMES:
        points.append((f"{name} is taken", ask("PUT", f"/media/{name}", film)[0] == 201))
        points.append((f"{name} comes back as it was", ask("GET", f"/media/{name}") == (200, film)))
    points.append(("a missing film is not found", ask("GET", "/media/none.mkv")[0] == 404))
    print(f"1..{len(points)}")
    for number, (title, good) in enumerate(points, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
    return all(good for _, good in points)


def list_films():
    status, body = ask("GET", "/media")
    print(body.decode())
    return status == 200 and body.decode().split("\n") == NAMES


def delete():
    return all(ask("DELETE", f"/media/{name}")[0] == 204 for name in NAMES) and ask("GET", "/media") == (200, b"")


def busy():
    status, _ = ask("GET", "/busy")
    print(f"attempt {os.environ.get('DAGSCHED_ATTEMPT')}: the server answered {status}")
    return status == 200


def stop():
    return ask("POST", "/stop", b"")[0] == 200


TESTS = {"health": health, "upload": upload, "list": list_films, "delete": delete, "busy": busy, "stop": stop}
sys.exit(0 if TESTS[sys.argv[1]]() else 1)
