/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* oneTBB's flow graph: a node a test, an edge a dependency. */
#include <deque>
#include <optional>
#include <vector>

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

extern "C"
{
#include "bench-body.h"
}

namespace flow = oneapi::tbb::flow;

namespace
{

using Node = flow::continue_node<flow::continue_msg>;

class Onetbb
{
public:
  explicit Onetbb (const BenchSetup &setup)
      : setup_ (setup), times_ (bench_body_new_times (&setup)),
        control_ (oneapi::tbb::global_control::max_allowed_parallelism, setup.workers),
        arena_ (static_cast<int> (setup.workers))
  {
    /* A graph belongs to the arena in which it is made. */
    arena_.execute ([this] { graph_.emplace (); });
    for (guint32 i = 0; i < setup.shape->n_tests; i++)
      add (i);
    connect ();
  }

  ~Onetbb ()
  {
    arena_.execute ([this] {
      nodes_.clear ();
      graph_.reset ();
    });
    g_free (times_);
  }

  Onetbb (const Onetbb &) = delete;
  Onetbb &operator= (const Onetbb &) = delete;

  gint64
  run ()
  {
    gint64 elapsed = 0;

    arena_.execute ([this, &elapsed] {
      gint64 start = bench_now ();

      for (Node *root : roots_)
        root->try_put (flow::continue_msg ());
      graph_->wait_for_all ();
      elapsed = bench_now () - start;
    });

    return elapsed;
  }

private:
  /* As cheap as can be: each kind of body is a type of its own, so that the trivial one is empty. */
  void
  add (guint32 test)
  {
    if (setup_.body != nullptr)
      emplace (test, [this, test] (const flow::continue_msg &) { bench_body_run (&setup_, times_, test); });
    else if (times_ != nullptr)
      {
        BenchTimes *times = &times_[test];

        emplace (test, [times] (const flow::continue_msg &) {
          times->start_ns = bench_now ();
          times->end_ns = bench_now ();
        });
      }
    else
      emplace (test, [] (const flow::continue_msg &) {});
  }

  template <typename Body>
  void
  emplace (guint32 test, Body body)
  {
    if (setup_.prioritised)
      nodes_.emplace_back (*graph_, body,
                           static_cast<flow::node_priority_t> (bench_setup_get_priority (&setup_, test) + 1));
    else
      nodes_.emplace_back (*graph_, body);
  }

  void
  connect ()
  {
    const BenchAdjacency &dependents = setup_.shape->dependents;
    const BenchAdjacency &dependencies = setup_.shape->dependencies;

    for (guint32 i = 0; i < setup_.shape->n_tests; i++)
      {
        for (guint32 j = dependents.first[i]; j < dependents.first[i + 1]; j++)
          flow::make_edge (nodes_[i], nodes_[dependents.list[j]]);
        if (dependencies.first[i] == dependencies.first[i + 1])
          roots_.push_back (&nodes_[i]);
      }
  }

  const BenchSetup setup_;
  BenchTimes *const times_;
  oneapi::tbb::global_control control_;
  oneapi::tbb::task_arena arena_;
  std::optional<flow::graph> graph_;
  std::deque<Node> nodes_; /* nodes neither move nor copy */
  std::vector<Node *> roots_;
};

} // namespace

extern "C"
{

  static gpointer
  onetbb_prepare (const BenchSetup *setup)
  {
    return new Onetbb (*setup);
  }

  static gint64
  onetbb_run (gpointer self)
  {
    return static_cast<Onetbb *> (self)->run ();
  }

  static void
  onetbb_free (gpointer self)
  {
    delete static_cast<Onetbb *> (self);
  }

  extern const BenchContestant bench_onetbb;

  const BenchContestant bench_onetbb = {
    "onetbb", 0, 0, TRUE, onetbb_prepare, onetbb_run, onetbb_free,
  };
}
