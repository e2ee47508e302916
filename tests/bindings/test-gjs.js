// SPDX-License-Identifier: LGPL-2.1-or-later
// Builds a graph of command tests, runs it asynchronously and listens to its signals. GJS can be
// called from its own thread only, so this also shows that signals arrive there.

imports.gi.versions.Dagsched = '1';

const { Dagsched, GLib } = imports.gi;
const System = imports.system;

const DEPENDENCIES = {
  setup: [], left: ['setup'], right: ['setup'], join: ['left', 'right'],
  broken: ['setup'], blocked: ['broken'],
};
const OUTCOMES = {
  setup: Dagsched.Outcome.PASSED, left: Dagsched.Outcome.PASSED, right: Dagsched.Outcome.PASSED,
  join: Dagsched.Outcome.PASSED, broken: Dagsched.Outcome.FAILED, blocked: Dagsched.Outcome.BLOCKED,
};

function buildGraph() {
  const graph = Dagsched.Graph.new('gjs');
  const tests = {};
  for (const name in DEPENDENCIES) {
    const command = name === 'broken' ? 'exit 3' : `echo ${name}`;
    tests[name] = Dagsched.CommandTest.new(name, ['sh', '-c', command]);
    graph.add_test(tests[name]);
  }
  for (const [name, dependencies] of Object.entries(DEPENDENCIES)) {
    for (const dependency of dependencies)
      graph.add_dependency(tests[name], tests[dependency], Dagsched.Condition.SUCCESS);
  }
  return [graph, tests];
}

function watch(scheduler) {
  const events = [];
  const note = (what, test) => {
    print(`# ${test.name} ${what}`);
    events.push(`${what} ${test.name}`);
  };
  scheduler.connect('test-started', (_, test, _worker, _attempt) => note('started', test));
  scheduler.connect('test-finished', (_, test) => note('finished', test));
  return events;
}

function followsDependencies(events) {
  return Object.entries(DEPENDENCIES).every(([name, dependencies]) =>
    !events.includes(`started ${name}`) || dependencies.every(dependency =>
      events.indexOf(`finished ${dependency}`) < events.indexOf(`started ${name}`)));
}

function run(scheduler) {
  const loop = GLib.MainLoop.new(null, false);
  let completed = false;
  scheduler.run_async(null, (_, result) => {
    completed = scheduler.run_finish(result);
    loop.quit();
  });
  loop.run();
  return completed;
}

const [graph, tests] = buildGraph();
const scheduler = Dagsched.Scheduler.new(graph, new Dagsched.Options({ n_workers: 2 }));
const events = watch(scheduler);
let reason = null;
tests.blocked.connect('finished', test => (reason = test.reason));
const completed = run(scheduler);
const points = [
  ['the run is completed', completed],
  ['each test has its outcome', Object.keys(OUTCOMES).every(name => tests[name].outcome === OUTCOMES[name])],
  ['tests start after their dependencies', followsDependencies(events)],
  ['each test finishes once', Object.keys(DEPENDENCIES).every(name =>
    events.filter(event => event === `finished ${name}`).length === 1)],
  ['a blocked test names its cause', reason !== null && tests.blocked.blocked_by === tests.broken],
  ['the verdict is failure', scheduler.get_verdict() === Dagsched.Verdict.FAILURE],
  ['the graph is a list', graph.get_n_items() === Object.keys(DEPENDENCIES).length],
];
print(`1..${points.length}`);
points.forEach(([title, good], i) => print(`${good ? 'ok' : 'not ok'} ${i + 1} - ${title}`));
if (!points.every(([, good]) => good)) {
  print(`# events: ${events}`);
  for (const name in tests)
    print(`# ${name}: ${tests[name].outcome} ${tests[name].reason}`);
  System.exit(1);
}
