#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds a graph of command tests, runs it asynchronously and listens to its signals."""

import sys

try:
    import gi
except ImportError:
    print("1..0 # SKIP this python3 has no gi")
    sys.exit(0)

gi.require_version("Dagsched", "1")
from gi.repository import Dagsched, GLib, GObject  # noqa: E402

DEPENDENCIES = {
    "setup": [], "left": ["setup"], "right": ["setup"], "join": ["left", "right"],
    "broken": ["setup"], "blocked": ["broken"], "after": [],
}
OUTCOMES = {
    "setup": "PASSED", "left": "PASSED", "right": "PASSED", "join": "PASSED",
    "broken": "FAILED", "blocked": "BLOCKED", "after": "PASSED",
}


def build_graph():
    graph = Dagsched.Graph.new("python")
    tests = {}
    for name in DEPENDENCIES:
        command = "exit 3" if name == "broken" else f"echo {name}"
        tests[name] = Dagsched.CommandTest.new(name, ["sh", "-c", command])
        graph.add_test(tests[name])
    for name, dependencies in DEPENDENCIES.items():
        for dependency in dependencies:
            graph.add_dependency(tests[name], tests[dependency], Dagsched.Condition.SUCCESS)
    graph.add_dependency(tests["after"], tests["broken"], Dagsched.Condition.ALWAYS)
    return graph, tests


class Watcher:
    """Keeps what the signals said."""

    def __init__(self, scheduler, tests):
        self.events = []
        self.attempts = {}
        self.notified = []
        self.heard_from_dependencies = []
        scheduler.connect("test-started", lambda _, test, worker, attempt: self.note("started", test))
        scheduler.connect("test-finished", lambda _, test: self.note("finished", test))
        scheduler.connect("attempt-finished", self.on_attempt_finished)
        tests["join"].connect("notify::state", lambda test, _: self.notified.append(test.props.state))
        tests["join"].connect("dependency-finished",
                              lambda _, dependency: self.heard_from_dependencies.append(dependency.props.name))

    def note(self, what, test):
        print(f"# {test.props.name} {what}")
        self.events.append((what, test.props.name))

    def on_attempt_finished(self, _scheduler, test, attempt):
        output = attempt.get_standard_output()
        self.attempts[test.props.name] = output.get_data().decode() if output else ""

    def follows_dependencies(self):
        return all(self.events.index(("finished", dependency)) < self.events.index(("started", name))
                   for name, dependencies in DEPENDENCIES.items() if ("started", name) in self.events
                   for dependency in dependencies)


def run(scheduler):
    loop = GLib.MainLoop()
    results = []

    def on_done(_scheduler, result):
        results.append(scheduler.run_finish(result))
        loop.quit()

    scheduler.run_async(None, on_done)
    loop.run()
    return results[0]


class FunctionTest(Dagsched.Test):
    """A test that is carried out in this process, on a thread of the scheduler."""

    def do_run(self, cancellable):
        return Dagsched.Outcome.SKIPPED if self.props.name == "odd" else Dagsched.Outcome.PASSED


def run_functions():
    graph = Dagsched.Graph.new("functions")
    tests = [FunctionTest(name=name) for name in ("even", "odd")]
    for test in tests:
        graph.add_test(test)
    graph.add_dependency(tests[1], tests[0], Dagsched.Condition.SUCCESS)
    run(Dagsched.Scheduler.new(graph, Dagsched.Options.new()))
    return [test.props.outcome for test in tests] == [Dagsched.Outcome.PASSED, Dagsched.Outcome.SKIPPED]


def report_cycle():
    """What an error is in Python."""
    graph = Dagsched.Graph.new("cycle")
    tests = [Dagsched.CommandTest.new(name, ["true"]) for name in ("first", "second")]
    for number, test in enumerate(tests):
        graph.add_test(test)
    try:
        graph.add_dependency(tests[0], tests[1], Dagsched.Condition.SUCCESS)
        graph.add_dependency(tests[1], tests[0], Dagsched.Condition.SUCCESS)
        graph.validate()
    except GLib.Error as error:
        return error.matches(Dagsched.Error.quark(), Dagsched.Error.CYCLE) and "first" in error.message
    return False


def miss_agent():
    """What a run is that can't be carried out, and what it says."""
    graph = Dagsched.Graph.new("no agent")
    graph.add_test(Dagsched.CommandTest.new("only", ["true"]))
    scheduler = Dagsched.Scheduler.new(graph, Dagsched.Options(agent_path="/nonexistent/agent"))
    try:
        scheduler.run(None)
    except GLib.Error as error:
        return "/nonexistent/agent" in error.message and scheduler.get_verdict() == Dagsched.Verdict.INCOMPLETE
    return False


def main():
    graph, tests = build_graph()
    options = Dagsched.Options(n_workers=2)
    scheduler = Dagsched.Scheduler.new(graph, options)
    watcher = Watcher(scheduler, tests)
    completed = run(scheduler)
    outcomes = {name: test.props.outcome.value_nick.upper() for name, test in tests.items()}
    points = [
        ("the run is completed", completed),
        ("each test has its outcome", outcomes == OUTCOMES),
        ("tests start after their dependencies", watcher.follows_dependencies()),
        ("each test finishes once",
         sorted(name for what, name in watcher.events if what == "finished") == sorted(DEPENDENCIES)),
        ("attempts carry their output", watcher.attempts.get("left") == "left\n"),
        ("a test hears of its dependencies", sorted(watcher.heard_from_dependencies) == ["left", "right"]),
        ("properties notify", watcher.notified[-1:] == [Dagsched.State.FINISHED]),
        ("the verdict is failure", scheduler.get_verdict() == Dagsched.Verdict.FAILURE),
        ("the graph is a list", len(graph) == len(DEPENDENCIES) and graph[0].props.name == "setup"),
        ("workers are a list", scheduler.get_workers().get_n_items() == 2),
        ("a derived class runs in the process", run_functions()),
        ("a cycle is an exception", report_cycle()),
        ("an agent that is not there is an exception", miss_agent()),
    ]
    print(f"1..{len(points)}")
    for number, (title, good) in enumerate(points, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {title}")
    if not all(good for _, good in points):
        print(f"# outcomes: {outcomes}\n# events: {watcher.events}\n# notified: {watcher.notified}\n"
              f"# attempts: {watcher.attempts}\n# dependencies: {watcher.heard_from_dependencies}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
