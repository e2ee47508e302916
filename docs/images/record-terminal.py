#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a command on a terminal of its own and draws what it shows as an animated SVG.

Usage: record-terminal.py [--columns N] [--rows N] [--title TEXT] FILE.svg COMMAND...

The picture in the README:

  export DAGSCHED_AGENT=$PWD/build/dagsched-agent/dagsched-agent
  docs/images/record-terminal.py --columns 124 --title 'dagsched run media-server' docs/images/run.svg \\
      build/dagsched-cli/dagsched run -j4 --overrides docs/images/broken.json data/examples/media-server
"""

import argparse
import codecs
import fcntl
import html
import os
import pty
import re
import struct
import sys
import termios
import time

CELL_WIDTH, CELL_HEIGHT, MARGIN, BAR = 8.4, 18, 14, 30
FRAME_SECONDS = 0.2
HOLD_SECONDS = 6
COLORS = {"30": "#1e1e2e", "31": "#f38ba8", "32": "#a6e3a1", "33": "#f9e2af", "34": "#89b4fa", "35": "#cba6f7",
          "36": "#94e2d5", "37": "#cdd6f4", "90": "#7f849c"}
FOREGROUND, BACKGROUND = "#cdd6f4", "#1e1e2e"
NO_BREAK_SPACE = "\u00a0"  # plain ones shrink to one where the renderer ignores white-space: pre
SEQUENCE = re.compile(r"\x1b\[(\??[\d;]*)([A-Za-z])")


class Screen:
    """As much of a terminal as a progress display needs. What scrolls off the top is gone."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [self.blank() for _ in range(rows)]
        self.row = self.column = 0
        self.style = ()
        self.wraps = True
        self.pending = ""

    def blank(self):
        return [(" ", ())] * self.columns

    def feed(self, text):
        text = self.pending + text
        self.pending = ""
        position = 0
        while position < len(text):
            if text[position] == "\x1b":
                sequence = SEQUENCE.match(text, position)
                if not sequence:
                    self.pending = text[position:]
                    return
                self.control(sequence[1], sequence[2])
                position = sequence.end()
            else:
                self.put(text[position])
                position += 1

    def put(self, character):
        if character == "\n":
            self.line_feed()
        elif character == "\r":
            self.column = 0
        elif character >= " ":
            if self.column == self.columns:
                if not self.wraps:
                    self.column -= 1
                else:
                    self.column = 0
                    self.line_feed()
            self.cells[self.row][self.column] = (character, self.style)
            self.column += 1

    def line_feed(self):
        if self.row + 1 < self.rows:
            self.row += 1
        else:
            self.cells = self.cells[1:] + [self.blank()]

    def control(self, parameters, final):
        number = int(parameters) if parameters.isdigit() else None
        if final == "m":
            self.render_style(parameters)
        elif final == "A":
            self.row = max(0, self.row - (number or 1))
        elif final == "B":
            self.row = min(self.rows - 1, self.row + (number or 1))
        elif final == "C":
            self.column = min(self.columns, self.column + (number or 1))
        elif final == "G":
            self.column = (number or 1) - 1
        elif final == "K":
            self.clear(self.row, 0 if number == 2 else self.column)
        elif final == "J":
            self.clear(self.row, self.column)
            for row in range(self.row + 1, self.rows):
                self.clear(row, 0)
        elif (parameters, final) in (("?7", "l"), ("?7", "h")):
            self.wraps = final == "h"

    def clear(self, row, column):
        self.cells[row][column:] = self.blank()[column:]

    def render_style(self, parameters):
        for code in (parameters or "0").split(";"):
            if code in ("0", ""):
                self.style = ()
            else:
                self.style += (code,)

    def snapshot(self):
        return tuple(tuple(row) for row in self.cells)


def record(command, columns, rows):
    """A list of (seconds, screen), and the exit status."""
    screen = Screen(columns, rows)
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8")
        os.execvp(command[0], command)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    start = time.monotonic()
    frames = []
    while True:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            data = b""
        if not data:
            break
        screen.feed(decoder.decode(data))
        frames.append((time.monotonic() - start, screen.snapshot()))
    return frames, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def thin_out(frames):
    """At most one screen in FRAME_SECONDS: the last of each."""
    kept = {}
    for seconds, screen in frames:
        kept[int(seconds / FRAME_SECONDS)] = screen
    result = []
    for slot, screen in sorted(kept.items()):
        if not result or result[-1][1] != screen:
            result.append((slot * FRAME_SECONDS, screen))
    return result


def attributes(style):
    color, extra = FOREGROUND, ""
    for code in style:
        if code == "1":
            extra += ' font-weight="bold"'
        elif code == "2":
            extra += ' opacity="0.6"'
        elif code in COLORS:
            color = COLORS[code]
    return f' fill="{color}"{extra}' if color != FOREGROUND or extra else ""


def draw_row(cells, number):
    """One text element; a span for each stretch of one style, placed by its column."""
    spans, column = [], 0
    while column < len(cells):
        end = column
        while end < len(cells) and cells[end][1] == cells[column][1]:
            end += 1
        text = "".join(character for character, _ in cells[column:end])
        if text.strip():
            lead = len(text) - len(text.lstrip())
            x = MARGIN + (column + lead) * CELL_WIDTH
            width = len(text.strip()) * CELL_WIDTH
            spans.append(f'<tspan x="{x:.1f}" textLength="{width:.1f}"{attributes(cells[column][1])}>'
                         f"{html.escape(text.strip()).replace(' ', NO_BREAK_SPACE)}</tspan>")
        column = end
    if not spans:
        return ""
    return f'<text y="{BAR + MARGIN + number * CELL_HEIGHT:.0f}">{"".join(spans)}</text>\n'


def draw(frames, columns, rows, title):
    width, height = columns * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + BAR + MARGIN
    total = frames[-1][0] + HOLD_SECONDS
    styles, groups = [], []
    for number, (start, screen) in enumerate(frames):
        last = number + 1 == len(frames)
        end = total if last else frames[number + 1][0]
        first_percent, end_percent = 100 * start / total, 100 * end / total
        # Without animation, the last screen is what shows.
        steps = f"0%{{visibility:{'visible' if start == 0 else 'hidden'}}}{first_percent:.2f}%{{visibility:visible}}"
        if not last:
            steps += f"{end_percent:.2f}%{{visibility:hidden}}"
        steps += f"100%{{visibility:{'visible' if last else 'hidden'}}}"
        styles.append(f"@keyframes k{number}{{{steps}}}"
                      f"#f{number}{{visibility:{'visible' if last else 'hidden'};"
                      f"animation:k{number} {total:.1f}s step-end infinite}}")
        body = "".join(draw_row(cells, row) for row, cells in enumerate(screen))
        groups.append(f'<g id="f{number}">\n{body}</g>\n')
    dots = "".join(f'<circle cx="{MARGIN + 6 + 18 * i}" cy="15" r="5.5" fill="{color}"/>'
                   for i, color in enumerate(("#f38ba8", "#f9e2af", "#a6e3a1")))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">\n<title>{html.escape(title)}</title>\n'
            f"<style>{''.join(styles)}</style>\n"
            f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>\n{dots}\n'
            f'<g font-family="ui-monospace,DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="14" '
            f'fill="{FOREGROUND}">\n<text x="{width / 2:.0f}" y="20" text-anchor="middle" opacity="0.7">'
            f"{html.escape(title)}</text>\n{''.join(groups)}</g>\n</svg>\n")


def used_rows(frames):
    return max(number + 1 for _, screen in frames for number, row in enumerate(screen)
               if any(character != " " for character, _ in row))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--title", default="dagsched run")
    parser.add_argument("file")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    frames, status = record(options.command, options.columns, options.rows)
    if not frames:
        sys.exit(f"{options.command[0]} wrote nothing (exit status {status})")
    frames = thin_out(frames)
    rows = used_rows(frames)
    with open(options.file, "w", encoding="utf-8") as file:
        file.write(draw([(at, screen[:rows]) for at, screen in frames], options.columns, rows, options.title))
    print(f"{options.file}: {len(frames)} screens, exit status {status}")


if __name__ == "__main__":
    main()
