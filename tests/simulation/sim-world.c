/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sim-world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MS G_GINT64_CONSTANT (1000000)
#define RETRY_NS (100 * G_GINT64_CONSTANT (1000)) /* what random-case.c sets */

World world;

void
world_init (guint64 seed, gboolean functions)
{
  world = (World){ .functions = functions };
  world.random.hang_rarity = seed / 3 % 4 == 0 ? 8 : 0;
  /* Functions are about who wakes whom: that takes many that become ready at once. */
  if (functions && seed % 9 != 0)
    random_case_init_shape (&world.random, (guint) seed,
                            SHAPE_INDEPENDENT + (Shape) (seed / 9 % (N_SHAPES - 2)),
                            4 + (guint) (seed / 50 % (MAX_TESTS - 12)));
  else
    random_case_init (&world.random, (guint) seed, functions);
}

void
world_clear (void)
{
  random_case_clear (&world.random);
  if (world.line != NULL)
    g_string_free (world.line, TRUE);
  world.line = NULL;
}

static gboolean
is_success (DagschedOutcome outcome)
{
  return outcome == DAGSCHED_OUTCOME_PASSED || outcome == DAGSCHED_OUTCOME_EXPECTED_FAILURE;
}

static gboolean
is_failure (DagschedOutcome outcome)
{
  return outcome == DAGSCHED_OUTCOME_FAILED || outcome == DAGSCHED_OUTCOME_TIMED_OUT ||
         outcome == DAGSCHED_OUTCOME_ERRORED || outcome == DAGSCHED_OUTCOME_UNEXPECTED_PASS;
}

static const char *
word (DagschedOutcome outcome)
{
  return outcome != DAGSCHED_OUTCOME_NONE ? dagsched_outcome_to_string (outcome) : "nothing";
}

void
world_print (void)
{
  for (guint i = 0; i < world.random.n_tests; i++)
    {
      const Spec *spec = &world.random.specs[i];

      fprintf (stderr, "t%u:%s%s%s", i, spec->disabled ? " disabled" : "",
               spec->exclusive ? " exclusive" : "", spec->expected_failure ? " expected-failure" : "");
      for (guint j = 0; j < spec->n_dependencies; j++)
        fprintf (stderr, " %s:t%u", dagsched_condition_to_string (spec->conditions[j]),
                 spec->dependencies[j]);
      if (spec->group >= 0)
        fprintf (stderr, " group %d", spec->group);
      for (guint r = 0; r < N_RESOURCES; r++)
        {
          if (spec->amounts[r] > 0)
            fprintf (stderr, " %u of resource %u", spec->amounts[r], r);
        }
      if (spec->cleanup >= 0)
        fprintf (stderr, " cleaned up by t%d", spec->cleanup);
      if (spec->hang != HANG_NOT)
        fprintf (stderr, " hangs%s", spec->hang == HANG_FOR_GOOD ? " for good" : "");
      for (guint j = 0; j <= spec->n_retries; j++)
        fprintf (stderr, " %s", word (spec->results[j]));
      fprintf (stderr, "%s\n", spec->delayed ? ", delayed" : "");
    }
}

/* The log. */

static gboolean
parse_finished (const char *line, guint *test, DagschedOutcome *outcome, guint *n_attempts)
{
  double time;
  char name[32];

  return sscanf (line,
                 "{\"event\":\"finished\",\"test\":%u,\"time\":%lf,\"outcome\":\"%31[a-z-]\",\"attempts\":%u",
                 test, &time, name, n_attempts) == 4 &&
         dagsched_outcome_from_string (name, outcome) && *test < world.random.n_tests;
}

/* Outcomes that stand, whatever becomes of the run. */
static void
take_line (const char *line)
{
  DagschedOutcome outcome;
  guint test, n_attempts;

  if (sscanf (line, "{\"event\":\"attempt\",\"test\":%u", &test) == 1 && test < world.random.n_tests)
    world.tests[test].has_attempt = TRUE;
  if (!parse_finished (line, &test, &outcome, &n_attempts))
    return;
  /* What follows from others does so again, and whom a lost agent took along has not come to anything. */
  world.tests[test].was_logged = outcome != DAGSCHED_OUTCOME_CANCELLED && world.tests[test].has_attempt &&
                                 strstr (line, "the agent that ran it was lost") == NULL;
  world.tests[test].ever_logged |= world.tests[test].was_logged;
}

void
world_begin_session (const char *log, gsize length)
{
  world.session++;
  world.n_losses = world.n_running = world.n_begun = world.n_releasing = world.n_failures = 0;
  world.log_failed_ns = world.closed_ns = world.stopped_ns = 0;
  world.is_torn = FALSE;
  world.was_killed = world.is_broken = world.is_over = FALSE;
  world.n_log_bytes = 0;
  world.log_has_end = FALSE;
  if (world.line == NULL)
    world.line = g_string_new (NULL);
  g_string_truncate (world.line, 0);
  for (guint i = 0; i < world.random.n_tests; i++)
    world.tests[i] = (WorldTest){ .ever_logged = world.tests[i].ever_logged };

  while (length > 0)
    {
      const char *end = memchr (log, '\n', length);
      g_autofree char *line = end != NULL ? g_strndup (log, (gsize) (end - log)) : NULL;

      if (line == NULL)
        return;
      if (g_str_has_suffix (line, "}"))
        take_line (line);
      length -= (gsize) (end + 1 - log);
      log = end + 1;
    }
}

void
world_close (gboolean stop, gboolean kill)
{
  sim_note ("closes", (guint64) stop, (guint64) kill);
  if (stop && world.stopped_ns == 0)
    world.stopped_ns = sim_now ();
  if (world.closed_ns == 0)
    world.closed_ns = sim_now ();
  world.ever_closed = TRUE;
  world.was_killed |= kill;
}

static void
check_finished (guint test, const char *line)
{
  const Spec *spec = &world.random.specs[test];

  if (spec->cleans >= 0 && world.tests[test].n_runs > 0 && !world.was_killed &&
      world.tests[spec->cleans].is_kept && !world.is_broken && world.n_losses == 0)
    sim_fail ("t%u has finished, which cleans t%d up, and processes of that are there", test, spec->cleans);
  if (strstr (line, "the agent that ran it was lost") != NULL)
    world.tests[test].is_lost = TRUE;
  /* In this session. */
  if (strstr (line, "could not be started again") != NULL && !world.tests[test].was_logged)
    {
      world.is_broken = TRUE;
      world_close (TRUE, FALSE);
    }
}

static void
see_line (const char *line)
{
  DagschedOutcome outcome;
  guint test, n_attempts;

  if (g_str_has_prefix (line, "{\"event\":\"end\""))
    {
      if (world.log_has_end)
        sim_fail ("the log ends twice");
      world.log_has_end = TRUE;
      return;
    }
  if (world.log_has_end)
    sim_fail ("the log goes on after its end: %s", line);
  if (!g_str_has_suffix (line, "}"))
    return;
  if (!parse_finished (line, &test, &outcome, &n_attempts))
    return;

  if (world.tests[test].is_logged)
    sim_fail ("t%u has two outcomes in the log", test);
  world.tests[test].is_logged = TRUE;
  world.tests[test].outcome = outcome;
  world.tests[test].n_attempts_logged = n_attempts;
  if (is_failure (outcome) && ++world.n_failures == world.max_failures)
    world_close (FALSE, FALSE);
  sim_note ("is logged", test, outcome);
  check_finished (test, line);
}

gssize
world_may_write (const char *data, gsize length, int *error)
{
  guint64 end = MIN (world.log_capacity, world.torn_at);

  if (world.n_log_bytes + length <= end)
    return (gssize) length;
  if (world.n_log_bytes < end)
    return (gssize) (end - world.n_log_bytes);

  *error = ENOSPC;
  sim_note ("disk is full", world.n_log_bytes, 0);
  if (world.log_failed_ns == 0)
    world.log_failed_ns = sim_now ();
  world.is_torn = world.line->len > 0;
  world_close (TRUE, FALSE);
  /* Somebody makes room. */
  if (sim_one_in (4))
    world.log_capacity += sim_below (2000);
  return -1;
}

void
world_written (const char *data, gsize length)
{
  sim_note ("writes", length, 0);
  if (world.is_torn && data[0] != '\n')
    sim_fail ("what follows half a line is on the same line");
  world.is_torn = FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (data[i] != '\n')
        {
          g_string_append_c (world.line, data[i]);
          continue;
        }
      see_line (world.line->str);
      g_string_truncate (world.line, 0);
    }

  world.n_log_bytes += length;
  if (world.n_log_bytes >= world.torn_at)
    sim_kill ();
}

/* Attempts. */

static DagschedOutcome
judge_conditions (const Spec *spec)
{
  DagschedOutcome outcome = DAGSCHED_OUTCOME_NONE;

  for (guint i = 0; i < spec->n_dependencies; i++)
    {
      DagschedOutcome dependency = world.tests[spec->dependencies[i]].outcome;

      if (spec->conditions[i] == DAGSCHED_CONDITION_SUCCESS && !is_success (dependency))
        return DAGSCHED_OUTCOME_BLOCKED;
      if (spec->conditions[i] == DAGSCHED_CONDITION_FAILURE && !is_failure (dependency))
        outcome = DAGSCHED_OUTCOME_SKIPPED;
    }

  return outcome;
}

static DagschedOutcome
expect (const Spec *spec, DagschedOutcome outcome)
{
  if (spec->expected_failure && outcome == DAGSCHED_OUTCOME_FAILED)
    return DAGSCHED_OUTCOME_EXPECTED_FAILURE;
  if (spec->expected_failure && outcome == DAGSCHED_OUTCOME_PASSED)
    return DAGSCHED_OUTCOME_UNEXPECTED_PASS;

  return outcome;
}

static gboolean
wants_retry (const Spec *spec, const WorldTest *self)
{
  return is_failure (self->ended) && expect (spec, self->ended) == self->ended &&
         self->attempt <= spec->n_retries;
}

static void
check_dependencies (guint test)
{
  const Spec *spec = &world.random.specs[test];

  if (spec->disabled)
    sim_fail ("t%u runs, which is disabled", test);
  if (world.log_failed_ns != 0)
    return;

  for (guint i = 0; i < spec->n_dependencies; i++)
    {
      if (!world.tests[spec->dependencies[i]].is_logged)
        sim_fail ("t%u runs before the outcome of t%u is in the log, on which it depends", test,
                  spec->dependencies[i]);
    }
  for (guint i = 0; i < spec->n_dependencies; i++)
    {
      guint fixture = spec->dependencies[i];

      if (world.random.specs[fixture].cleanup >= 0 && is_success (world.tests[fixture].outcome) &&
          world.tests[fixture].n_runs == 0)
        sim_fail ("t%u runs, and its fixture t%u has only run for another process", test, fixture);
    }
  if (judge_conditions (spec) != DAGSCHED_OUTCOME_NONE)
    sim_fail ("t%u runs, though a condition of it does not hold", test);
  for (guint i = 0; spec->cleans >= 0 && i < world.random.n_tests; i++)
    {
      const Spec *user = &world.random.specs[i];

      for (guint j = 0; j < user->n_dependencies; j++)
        {
          if ((int) user->dependencies[j] == spec->cleans && !world.tests[i].is_logged)
            sim_fail ("t%u runs, which cleans up what t%u may still use", test, i);
        }
    }
}

static void
check_again (guint test, guint attempt)
{
  const Spec *spec = &world.random.specs[test];
  const WorldTest *self = &world.tests[test];

  if (self->n_running > 0 && !world.was_killed)
    sim_fail ("t%u runs twice at once", test);
  if (self->is_kept)
    sim_fail ("t%u runs beside what an attempt of it left", test);
  if (self->is_logged)
    sim_fail ("t%u runs, though its outcome (%s) is in the log", test, word (self->outcome));
  if (self->ever_logged && spec->cleanup < 0 && spec->cleans < 0)
    sim_fail ("t%u runs, though its outcome was in a log that was resumed", test);

  if (self->ended == DAGSCHED_OUTCOME_NONE)
    {
      if (attempt != MAX (self->attempt, 1) && world.n_losses < 4)
        sim_fail ("attempt %u of t%u follows attempt %u, which was lost", attempt, test, self->attempt);
      return;
    }
  if (attempt != self->attempt + 1 && world.n_losses < 4)
    sim_fail ("attempt %u of t%u follows attempt %u", attempt, test, self->attempt);
  if (!wants_retry (spec, self) && world.n_losses < 4)
    sim_fail ("t%u runs again after it came to %s", test, word (self->ended));
  if (spec->delayed && sim_now () < self->retry_ns)
    sim_fail ("t%u runs again too early", test);
}

static void
check_room (guint test)
{
  const Spec *spec = &world.random.specs[test];
  guint used[N_RESOURCES] = { 0 };

  if (world.n_running >= world.n_workers && !world.was_killed)
    sim_fail ("t%u runs on one worker too many", test);
  for (guint i = 0; i < world.random.n_tests; i++)
    {
      const Spec *other = &world.random.specs[i];

      if (world.tests[i].n_running == 0)
        continue;
      if (spec->exclusive || other->exclusive)
        sim_fail ("t%u runs beside t%u, though one of them is exclusive", test, i);
      if (spec->group >= 0 && other->group >= 0 && spec->group != other->group)
        sim_fail ("t%u runs beside t%u, which is in another group", test, i);
      for (guint r = 0; r < N_RESOURCES; r++)
        used[r] += other->amounts[r];
    }
  for (guint r = 0; r < N_RESOURCES; r++)
    {
      if (used[r] + spec->amounts[r] > random_case_capacities[r])
        sim_fail ("t%u takes more than there is left of resource %u", test, r);
    }
}

static void
check_open (guint test)
{
  gint64 slack = sim_is_slow () ? 50 * MS : 0;

  if (world.closed_ns == 0 || sim_now () <= world.closed_ns + slack)
    return;
  /* What had started goes on, if none was told to stop: one may have waited for a slot. */
  if (world.stopped_ns == 0 && world.n_losses > 0)
    return;
  if (world.random.specs[test].cleans < 0)
    sim_fail ("t%u begins, %.3f ms after nothing was to begin any more", test,
              (double) (sim_now () - world.closed_ns) / 1e6);
}

void
world_attempt_begins (guint test, guint attempt)
{
  WorldTest *self = &world.tests[test];

  sim_note ("begins", test, attempt);
  check_dependencies (test);
  check_again (test, attempt);
  if (!world.functions)
    check_room (test);
  check_open (test);

  self->attempt = attempt;
  self->ended = DAGSCHED_OUTCOME_NONE;
  self->n_running++;
  self->n_runs++;
  world.n_running++;
  world.n_begun++;
}

/* Nobody may use it any more, or be about to. */
void
world_fixture_ends (guint test)
{
  sim_note ("is released", test, 0);
  for (guint i = 0; i < world.random.n_tests; i++)
    {
      const Spec *user = &world.random.specs[i];

      for (guint j = 0; j < user->n_dependencies; j++)
        {
          if (user->dependencies[j] == test && !world.was_killed && world.tests[i].n_running > 0)
            sim_fail ("fixture t%u is ended while t%u uses it", test, i);
        }
      if (user->cleans == (int) test && !world.was_killed && world.tests[i].n_running > 0)
        sim_fail ("fixture t%u is ended while t%u cleans it up", test, i);
    }
}

/* By itself, and not because it was told to. */
void
world_check_may_go_on (guint test)
{
  gint64 slack = sim_is_slow () ? 50 * MS : 0;

  if (world.stopped_ns != 0 && sim_now () > world.stopped_ns + slack && world.n_losses == 0 &&
      world.random.specs[test].cleans < 0)
    sim_fail ("t%u has run on, though all were to stop", test);
}

void
world_attempt_ends (guint test, DagschedOutcome outcome)
{
  WorldTest *self = &world.tests[test];

  sim_note (outcome == DAGSCHED_OUTCOME_NONE ? "is lost" : "ends", test, outcome);
  self->n_running--;
  world.n_running--;
  self->ended = outcome;
  self->retry_ns = sim_now () + (RETRY_NS << MIN (self->attempt - 1, 16));
}

/* Its turn has come, as far as the log tells. */
static gboolean
is_ready (guint test)
{
  const Spec *spec = &world.random.specs[test];
  const WorldTest *self = &world.tests[test];

  if (spec->disabled || self->is_logged || self->n_runs > 0 || spec->cleans >= 0)
    return FALSE;
  for (guint i = 0; i < spec->n_dependencies; i++)
    {
      if (!world.tests[spec->dependencies[i]].is_logged)
        return FALSE;
    }

  return judge_conditions (spec) == DAGSCHED_OUTCOME_NONE;
}

/* Time is about to pass: nobody may wait who could run. Where a test needs more than a worker, others may have to wait
 * for it. */
void
world_check_idle (void)
{
  guint candidate = MAX_TESTS;

  /* Of threads that are written off nobody knows when. */
  if ((world.functions && world.random.hang_rarity > 0) || world.closed_ns != 0 || world.n_losses > 0 ||
      world.n_begun == 0 || world.n_releasing > 0 || world.n_running >= world.n_workers)
    return;

  for (guint i = 0; i < world.random.n_tests; i++)
    {
      const Spec *spec = &world.random.specs[i];

      if (world.tests[i].n_running > 0 && spec->exclusive)
        return;
      if (!is_ready (i))
        continue;
      if (spec->exclusive || spec->group >= 0 || spec->amounts[0] > 0 || spec->amounts[1] > 0)
        return;
      candidate = i;
    }

  if (candidate < MAX_TESTS)
    sim_fail ("t%u waits, though it could run", candidate);
}

/* The end. */

static void
check_outcome (guint test)
{
  const Spec *spec = &world.random.specs[test];
  const WorldTest *self = &world.tests[test];
  DagschedOutcome must_be = spec->disabled ? DAGSCHED_OUTCOME_SKIPPED : judge_conditions (spec);

  if (!self->is_logged)
    sim_fail ("t%u has no outcome in the log", test);
  if (self->outcome == DAGSCHED_OUTCOME_CANCELLED && world.closed_ns == 0)
    sim_fail ("t%u was cancelled in a run that was not", test);
  if (must_be != DAGSCHED_OUTCOME_NONE && self->outcome != must_be && !self->was_logged)
    sim_fail ("t%u came to %s, and should have to %s", test, word (self->outcome), word (must_be));
  if (world.ever_closed || world.n_losses_ever >= 4)
    return;
  if (self->outcome != spec->outcome)
    sim_fail ("t%u came to %s, and should have to %s", test, word (self->outcome), word (spec->outcome));
  if (self->n_attempts_logged != spec->n_attempts)
    sim_fail ("t%u took %u attempts, and should have %u", test, self->n_attempts_logged, spec->n_attempts);
}

static void
check_cut_short (guint test)
{
  const Spec *spec = &world.random.specs[test];
  const WorldTest *self = &world.tests[test];

  if (self->n_runs == 0 || self->outcome == DAGSCHED_OUTCOME_CANCELLED ||
      self->ended == DAGSCHED_OUTCOME_NONE || world.is_broken || world.was_killed || world.n_losses >= 4)
    return;
  if (self->outcome != expect (spec, self->ended))
    sim_fail ("t%u came to %s, and was told to be %s", test, word (self->ended), word (self->outcome));
}

static void
check_cleanup (guint test)
{
  const Spec *spec = &world.random.specs[test];

  if (spec->cleanup < 0 || world.tests[test].n_runs == 0 || world.was_killed || world.is_broken ||
      world.tests[test].ended == DAGSCHED_OUTCOME_NONE || world.random.specs[spec->cleanup].disabled)
    return;
  if (world.tests[spec->cleanup].n_runs == 0 && world.n_losses < 4)
    sim_fail ("t%u ran, and was not cleaned up", test);
}

void
world_check_end (gboolean complete)
{
  if (world.log_failed_ns != 0 && complete)
    sim_fail ("the disk was full, and nobody was told");
  if (world.log_failed_ns == 0 && !world.log_has_end)
    sim_fail ("the run has ended, and its log has not");
  if (world.log_failed_ns != 0)
    return;

  for (guint i = 0; i < world.random.n_tests; i++)
    {
      check_outcome (i);
      check_cut_short (i);
      check_cleanup (i);
    }
}
