# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the whole window share: the program itself, seen and used as people with a screen reader
and a pointer do: by AT-SPI and by events of the X server. TAP as in the tests of the command."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'cli'))
from harness import Box, PATIENCE, test, main  # noqa: E402,F401 (for those who import this)

LOOK_AGAIN = 30  # ms: AT-SPI does not tell of everything that changes


def wait_for(condition, what):
    """The first value of condition() that is true. Runs the main loop meanwhile."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            value = condition()
        except GLib.Error:  # what is looked at is gone
            value = None
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f'waited in vain for {what}')
        loop = GLib.MainLoop()
        GLib.timeout_add(LOOK_AGAIN, loop.quit)
        loop.run()


def walk(accessible):
    yield accessible
    for index in range(accessible.get_child_count()):
        child = accessible.get_child_at_index(index)
        if child is not None:
            yield from walk(child)


def is_showing(accessible):
    """GTK 4.8 does not tell what is showing: what was never laid out has no size."""
    try:
        return (accessible.get_state_set().contains(Atspi.StateType.VISIBLE) and
                Atspi.Component.get_extents(accessible, Atspi.CoordType.WINDOW).width > 0)
    except GLib.Error:  # gone, or nothing that has a place
        return False


NOTIFICATIONS = """<node><interface name="org.freedesktop.Notifications">
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
</interface></node>"""


class Notifications:
    """What a desktop shows: (title, text) of each notification; in a with statement."""

    def __init__(self):
        self.shown = []

    def __enter__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        interface = Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS).interfaces[0]
        self.id = self.bus.register_object('/org/freedesktop/Notifications', interface, self.on_call, None, None)
        self.name = Gio.bus_own_name_on_connection(self.bus, interface.name, Gio.BusNameOwnerFlags.NONE, None, None)
        return self

    def __exit__(self, *exception):
        Gio.bus_unown_name(self.name)
        self.bus.unregister_object(self.id)

    def on_call(self, bus, sender, path, interface, method, arguments, invocation):
        if method == 'Notify':
            self.shown.append((arguments[3], arguments[4]))
            invocation.return_value(GLib.Variant('(u)', (len(self.shown),)))
        else:
            invocation.return_value(GLib.Variant('(as)', (['body'],)))


class Monitor:
    """The program, started with arguments; in a with statement."""

    def __init__(self, box, *arguments, size='1200x800'):
        self.box = box
        self.size = size
        env = {**os.environ, **box.env}
        for name in ('DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'GDK_BACKEND', 'GSK_RENDERER',
                     'GSETTINGS_SCHEMA_DIR', 'ASAN_OPTIONS'):
            if name in os.environ:
                env[name] = os.environ[name]
        env.update(GSETTINGS_BACKEND='keyfile', G_DEBUG='fatal-criticals', XDG_CONFIG_HOME=str(box.dir / 'config'))
        env.pop('GTK_A11Y', None)
        box.write('config/gtk-4.0/settings.ini', '[Settings]\ngtk-enable-animations=false\n')
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([os.environ['DAGSCHED_GTK'], *map(str, arguments)], env=env,
                                        cwd=box.dir, stdin=subprocess.DEVNULL, stderr=self.errors)

    def __enter__(self):
        self.window = wait_for(self.find_window, 'the window')
        width, height = self.size.split('x')
        self.window_id = wait_for(self.find_window_id, 'the window on the display')
        self.xdotool('windowmove', self.window_id, 0, 0, 'windowsize', self.window_id, width, height,
                     'windowfocus', self.window_id)
        return self

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        if exception[0] is not None:
            print('\n'.join('# ' + line for line in self.read_errors().splitlines()))

    def read_errors(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors='replace')

    def list_windows(self):
        assert self.process.poll() is None, f'the program has ended: {self.process.returncode}\n{self.read_errors()}'
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(index)
            if application is not None and application.get_process_id() == self.process.pid:
                application.set_cache_mask(Atspi.Cache.NONE)
                return [application.get_child_at_index(number) for number in range(application.get_child_count())]
        return []

    def find_window(self):
        windows = self.list_windows()
        return windows[0] if windows else None

    def find_dialog(self, text):
        """Another window, with that text in it."""
        def look():
            for window in self.list_windows():
                if window is not None and window != self.window:
                    if any(text in (accessible.get_name() or '') for accessible in walk(window)):
                        return window
            return None
        return wait_for(look, f'a dialog with “{text}”')

    def list_window_ids(self):
        return subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)],
                              capture_output=True, text=True).stdout.split()

    def find_window_id(self):
        found = self.list_window_ids()
        return found[-1] if found else None

    def xdotool(self, *arguments):
        subprocess.run(['xdotool', *map(str, arguments)], check=True)

    def focus_other_window(self):
        """Keys go there from now on."""
        others = wait_for(lambda: [window for window in self.list_window_ids() if window != self.window_id],
                          'another window on the display')
        self.xdotool('windowfocus', '--sync', others[0])

    def look_for(self, role=None, name=None, contains=None):
        for accessible in walk(self.window):
            if role is not None and accessible.get_role_name() != role:
                continue
            if name is not None and accessible.get_name() != name:
                continue
            if contains is not None and contains not in (accessible.get_name() or ''):
                continue
            if is_showing(accessible):
                return accessible
        return None

    def find(self, role=None, name=None, contains=None):
        """Something that is shown, once it is."""
        what = ', '.join(f'{key} “{value}”' for key, value in
                         (('role', role), ('name', name), ('containing', contains)) if value is not None)
        return wait_for(lambda: self.look_for(role, name, contains), what)

    def wait_gone(self, role=None, name=None, contains=None):
        wait_for(lambda: self.look_for(role, name, contains) is None, f'“{name or contains}” to go')

    def find_text(self, text):
        """A text that can be selected, once that is in it."""
        def look():
            for accessible in walk(self.window):
                if accessible.get_role_name() == 'text' and is_showing(accessible):
                    if text in Atspi.Text.get_text(accessible, 0, -1):
                        return accessible
            return None
        return wait_for(look, f'the text “{text}”')

    def click(self, accessible):
        """With the pointer, in its middle."""
        box = Atspi.Component.get_extents(accessible, Atspi.CoordType.WINDOW)
        self.xdotool('mousemove', '--window', self.window_id, box.x + box.width // 2, box.y + box.height // 2,
                     'click', 1)

    def key(self, *keys):
        self.xdotool('key', *keys)

    def type(self, text):
        self.xdotool('type', text)

    def dump(self):
        """What there is, for whoever writes a test."""
        def show(accessible, depth):
            print('#', '  ' * depth, accessible.get_role_name(), repr(accessible.get_name()),
                  '' if is_showing(accessible) else '(hidden)')
            for index in range(accessible.get_child_count()):
                child = accessible.get_child_at_index(index)
                if child is not None:
                    show(child, depth + 1)
        show(self.window, 0)
