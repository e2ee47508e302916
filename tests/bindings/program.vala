// SPDX-License-Identifier: LGPL-2.1-or-later
// What a Vala program looks like that runs tests and listens to them.

async void run_tests (Dagsched.Scheduler scheduler, MainLoop loop)
{
  try {
    yield scheduler.run_async (null);
  } catch (Error error) {
    print ("error: %s\n", error.message);
  }
  loop.quit ();
}

int main ()
{
  var graph = new Dagsched.Graph ("vala");
  var setup = new Dagsched.CommandTest ("setup", { "true" });
  var broken = new Dagsched.CommandTest ("broken", { "false" });
  var after = new Dagsched.CommandTest ("after", { "true" });

  try {
    graph.add_test (setup);
    graph.add_test (broken);
    graph.add_test (after);
    graph.add_dependency (broken, setup, Dagsched.Condition.SUCCESS);
    graph.add_dependency (after, broken, Dagsched.Condition.SUCCESS);
  } catch (Error error) {
    print ("error: %s\n", error.message);
    return 1;
  }

  var options = new Dagsched.Options ();
  options.n_workers = 1;
  var scheduler = new Dagsched.Scheduler (graph, options);
  scheduler.test_finished.connect ((test) => {
    print ("%s %s\n", test.name, test.outcome.to_string ());
  });

  var loop = new MainLoop ();
  run_tests.begin (scheduler, loop);
  loop.run ();
  return 0;
}
