/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sim-slot.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

gint64
sim_some_time (void)
{
  switch (sim_below (6))
    {
    case 0:
      return 0;
    case 1:
      return sim_below (100) * SIM_US;
    case 2:
      return sim_below (20) * SIM_MS;
    case 3:
      return 5 * SIM_MS;
    default:
      return sim_below (5000) * SIM_US;
    }
}

/* The end. */

/* What became of its attempt nobody will ever know. */
static void
lose_attempt (SimSlot *self)
{
  if (self->is_running)
    world_attempt_ends (self->test, DAGSCHED_OUTCOME_NONE);
  self->is_running = FALSE;
  if (self->phase == SIM_PHASE_KEPT)
    world.tests[self->test].is_kept = FALSE;
  /* What an attempt left that failed goes first: until then it has not ended. */
  if (self->phase == SIM_PHASE_RELEASING ||
      (self->phase == SIM_PHASE_KEPT && self->planned != DAGSCHED_OUTCOME_PASSED))
    world.tests[self->test].ended = DAGSCHED_OUTCOME_NONE;
}

void
sim_slot_be_gone (SimSlot *self)
{
  if (self->is_gone)
    return;

  sim_note ("slot is gone", self->number, 0);
  lose_attempt (self);
  self->is_gone = TRUE;
  self->gone_ns = SIM_NEVER;
  if (self->keeper->fd >= 0)
    {
      dagsched_number_message_put (DAGSCHED_FRAME_GONE, self->number, &self->keeper->out);
      self->keeper->send_ns = sim_now ();
    }
}

void
sim_slot_end (SimSlot *self)
{
  if (self->fd < 0)
    return;

  sim_note ("slot ends", self->number, 0);
  world.n_losses++;
  world.n_losses_ever++;
  self->die_ns = self->send_ns = self->deadline_ns = self->end_ns = self->output_ns = SIM_NEVER;
  /* A slot that sees the end of its keeper, or of the runner, kills what it holds before it ends. */
  if (self->keeper->fd < 0)
    sim_slot_be_gone (self);
  else
    self->gone_ns = sim_now () + (sim_one_in (2) ? 0 : sim_some_time ());
  close (self->fd);
  self->fd = -1;
}

/* An attempt. */

static const char *
find_variable (const DagschedRunMessage *run, const char *name)
{
  gsize length = strlen (name);
  const char *value = NULL;

  for (guint i = 0; run->env[i] != NULL; i++)
    {
      if (strncmp (run->env[i], name, length) == 0 && run->env[i][length] == '=')
        value = run->env[i] + length + 1;
    }

  return value;
}

static void
check_values (const DagschedRunMessage *run, guint test)
{
  const Spec *spec = &world.random.specs[test];

  for (guint i = 0; i < spec->n_dependencies; i++)
    {
      guint fixture = spec->dependencies[i];
      g_autofree char *name = g_strdup_printf ("FIX%u", fixture);
      const char *value = find_variable (run, name);

      if (world.random.specs[fixture].cleanup < 0)
        continue;
      if (world.tests[fixture].value != (value != NULL ? g_ascii_strtoull (value, NULL, 10) : 0))
        sim_fail ("t%u is given %s by its fixture t%u, which handed %" G_GUINT64_FORMAT " on", test,
                  value != NULL ? value : "nothing", fixture, world.tests[fixture].value);
    }
}

/* What the world sees of its end it sees once the runner can. */
static void
finish (SimSlot *self)
{
  DagschedFinishedMessage message = {
    .id = self->id, .flags = self->flags, .start_ns = self->start_ns, .end_ns = sim_now ()
  };
  const Spec *spec = &world.random.specs[self->test];
  g_autofree char *value = NULL;
  gboolean stopped = (self->flags & (DAGSCHED_FINISHED_STOPPED | DAGSCHED_FINISHED_TIMED_OUT)) != 0;

  self->end_ns = self->deadline_ns = self->output_ns = SIM_NEVER;
  if (self->killed)
    message.term_signal = SIGKILL;
  else if (stopped)
    message.term_signal = SIGTERM;
  else if (self->planned == DAGSCHED_OUTCOME_ERRORED)
    {
      message.failure = DAGSCHED_FAILURE_EXEC;
      message.error = ENOENT;
    }
  else
    message.exit_status = self->planned == DAGSCHED_OUTCOME_FAILED    ? 1
                          : self->planned == DAGSCHED_OUTCOME_SKIPPED ? 77
                                                                      : 0;

  if (self->keeps && !stopped && message.failure == DAGSCHED_FAILURE_NONE)
    message.flags |= DAGSCHED_FINISHED_KEPT;
  else if (sim_one_in (20))
    message.flags |= DAGSCHED_FINISHED_LEAKED;
  world.tests[self->test].value = 0;
  if (spec->cleanup >= 0 && !stopped && self->planned == DAGSCHED_OUTCOME_PASSED)
    {
      guint64 number = ((guint64) world.session << 40) + (guint64) sim_now () % 1000000007 + 1;

      value = g_strdup_printf ("FIX%u=%" G_GUINT64_FORMAT "\n", self->test, number);
      message.values = (const uint8_t *) value;
      message.values_length = strlen (value);
      world.tests[self->test].value = number;
    }

  if (!self->stopping)
    world_check_may_go_on (self->test);
  sim_note ("process ends", self->test, message.flags);
  if (self->flags & DAGSCHED_FINISHED_STOPPED)
    self->planned = DAGSCHED_OUTCOME_CANCELLED;
  else if (self->flags & DAGSCHED_FINISHED_TIMED_OUT)
    self->planned = DAGSCHED_OUTCOME_TIMED_OUT;
  dagsched_finished_message_put (&message, &self->out);
  self->is_finished = TRUE;
  self->send_ns = sim_now ();
  self->phase = message.flags & DAGSCHED_FINISHED_KEPT ? SIM_PHASE_KEPT : SIM_PHASE_IDLE;
  world.tests[self->test].is_kept = self->phase == SIM_PHASE_KEPT;
}

static void
put_output (SimSlot *self)
{
  static guint8 data[20000];
  DagschedOutputMessage message = { .id = self->id, .stream = sim_below (2) & 1, .data = data };

  memset (data, 'a' + (int) sim_below (26), sizeof data);
  message.length = sim_one_in (30) ? 17000 + sim_below (3000) : 1 + sim_below (60);
  dagsched_output_message_put (&message, &self->out);
  self->send_ns = MIN (self->send_ns, sim_now ());
  self->output_ns = sim_one_in (2) ? SIM_NEVER : sim_now () + sim_some_time ();
}

static void
begin_killing (SimSlot *self)
{
  self->stopping = self->killed = TRUE;
  self->deadline_ns = SIM_NEVER;
  self->end_ns = MIN (self->end_ns, sim_now () + sim_below (100) * SIM_US);
}

static void
begin_stopping (SimSlot *self)
{
  if (self->stopping)
    return;

  self->stopping = TRUE;
  self->deadline_ns = sim_now () + self->grace_ns;
  if (world.random.specs[self->test].hang != HANG_FOR_GOOD && !sim_one_in (8))
    self->end_ns = MIN (self->end_ns, sim_now () + (sim_one_in (3) ? 0 : sim_some_time ()));
  if (self->grace_ns == 0)
    begin_killing (self);
}

static void
handle_stop (SimSlot *self, const DagschedStopMessage *stop)
{
  if (self->phase != SIM_PHASE_RUNNING || stop->id != self->id)
    return;

  if (!self->stopping)
    self->flags |= DAGSCHED_FINISHED_STOPPED;
  if (stop->kill)
    begin_killing (self);
  else
    begin_stopping (self);
}

gboolean
sim_take_chance (guint *n_left, guint rarity)
{
  if (*n_left == 0 || !sim_one_in (rarity))
    return FALSE;

  (*n_left)--;
  return TRUE;
}

static void
handle_run (SimSlot *self, DagschedFrameReader *payload)
{
  DagschedRunMessage run;
  const Spec *spec;
  guint attempt;

  if (self->phase != SIM_PHASE_IDLE)
    sim_fail ("a slot is given an attempt while it has one");
  if (!dagsched_run_message_get (&run, payload))
    sim_fail ("an attempt can't be read");

  self->test = (guint) g_ascii_strtoull (find_variable (&run, "DAGSCHED_TEST") + 1, NULL, 10);
  attempt = (guint) g_ascii_strtoull (find_variable (&run, "DAGSCHED_ATTEMPT"), NULL, 10);
  if (self->test >= world.random.n_tests || attempt < 1 || attempt > MAX_ATTEMPTS)
    sim_fail ("attempt %u of t%u", attempt, self->test);
  world_attempt_begins (self->test, attempt);
  if (run.timeout_ns != (world.random.specs[self->test].hang != HANG_NOT ? 500 * SIM_US : 0))
    sim_fail ("t%u is given a time-out of %" G_GINT64_FORMAT " ns", self->test, run.timeout_ns);
  check_values (&run, self->test);

  spec = &world.random.specs[self->test];
  self->id = run.id;
  self->phase = SIM_PHASE_RUNNING;
  self->is_running = TRUE;
  self->is_finished = FALSE;
  self->planned = spec->results[attempt - 1];
  self->keeps = (run.flags & DAGSCHED_RUN_KEEP) != 0 && sim_one_in (2);
  self->stopping = self->killed = FALSE;
  self->flags = 0;
  self->start_ns = sim_now ();
  self->grace_ns = run.grace_ns;
  self->deadline_ns = run.timeout_ns > 0 ? sim_now () + run.timeout_ns : SIM_NEVER;
  self->end_ns = spec->hang != HANG_NOT ? SIM_NEVER : sim_now () + sim_some_time ();
  self->output_ns = sim_one_in (3) ? sim_now () + sim_some_time () : SIM_NEVER;
  dagsched_run_message_clear (&run);

  if (self->planned == DAGSCHED_OUTCOME_ERRORED)
    self->end_ns = self->start_ns;
  if (sim_take_chance (&world.n_slot_deaths, world.death_rarity))
    self->die_ns = sim_now () + sim_some_time ();
  if (sim_take_chance (&world.n_keeper_deaths, world.death_rarity))
    self->keeper->die_ns = sim_now () + sim_some_time ();
}

static void
handle_release (SimSlot *self, guint64 id)
{
  if (self->phase != SIM_PHASE_KEPT || id != self->id)
    sim_fail ("a slot is to release attempt %" G_GUINT64_FORMAT ", and holds nothing of it", id);

  world.tests[self->test].is_kept = FALSE;
  self->phase = SIM_PHASE_RELEASING;
  world.n_releasing++;
  self->end_ns = sim_now () + (sim_one_in (2) ? 0 : sim_some_time ());
}

static void
end_release (SimSlot *self)
{
  self->end_ns = SIM_NEVER;
  dagsched_number_message_put (DAGSCHED_FRAME_RELEASED, self->id, &self->out);
  self->send_ns = sim_now ();
}

static void
handle_slot_frame (SimSlot *self, DagschedFrameType type, DagschedFrameReader *payload)
{
  DagschedStopMessage stop;
  uint64_t id;

  if (type == DAGSCHED_FRAME_RUN)
    handle_run (self, payload);
  else if (type == DAGSCHED_FRAME_STOP && dagsched_stop_message_get (&stop, payload))
    handle_stop (self, &stop);
  else if (type == DAGSCHED_FRAME_RELEASE && dagsched_number_message_get (&id, payload))
    handle_release (self, id);
  else
    sim_fail ("a slot is sent a frame of type %d", (int) type);
}

void
sim_slot_receive (SimSlot *self)
{
  DagschedFrameReader payload;
  DagschedFrameType type;
  DagschedFrameStatus status;
  size_t length;
  ssize_t n = recv (self->fd, dagsched_buffer_reserve (&self->in, 16384), 16384, MSG_DONTWAIT);

  if (n < 0 && errno == EAGAIN)
    return;
  if (n <= 0)
    {
      if (self->phase == SIM_PHASE_KEPT && !self->is_mad)
        world_fixture_ends (self->test);
      self->is_left = TRUE;
      self->die_ns = MIN (self->die_ns, sim_now () + (sim_one_in (2) ? 0 : sim_some_time ()));
      return;
    }

  dagsched_buffer_commit (&self->in, (size_t) n);
  while ((status = dagsched_frame_next (&self->in, &type, &payload, &length)) == DAGSCHED_FRAME_COMPLETE)
    {
      handle_slot_frame (self, type, &payload);
      dagsched_buffer_consume (&self->in, length);
    }
  if (status == DAGSCHED_FRAME_BROKEN)
    sim_fail ("a slot is sent what is no frame");
}

gboolean
sim_send_some (int fd, DagschedBuffer *out, gint64 *send_ns)
{
  gsize length = dagsched_buffer_get_length (out);
  ssize_t n;

  if (sim_one_in (6))
    length = 1 + sim_below ((guint) length);
  n = send (fd, dagsched_buffer_peek (out), length, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (n < 0 && errno != EAGAIN)
    return FALSE;
  if (n > 0)
    dagsched_buffer_consume (out, (gsize) n);
  *send_ns = dagsched_buffer_get_length (out) == 0 ? SIM_NEVER
             : n < 0                               ? sim_now () + SIM_MS
                     : sim_now () + (sim_one_in (2) ? 0 : sim_below (200) * SIM_US);
  return TRUE;
}

static void
flush (SimSlot *self)
{
  gsize before = dagsched_buffer_get_length (&self->out), n_sent;

  if (self->is_mad)
    {
      self->send_ns = SIM_NEVER;
      return;
    }
  if (before > 0 && !self->is_partial && self->phase != SIM_PHASE_KEPT &&
      sim_take_chance (&world.n_broken_frames, 40))
    {
      guint8 rubbish[8];

      for (guint i = 0; i < sizeof rubbish; i++)
        rubbish[i] = (guint8) sim_random ();
      rubbish[3] |= 0x80; /* longer than a frame may be */
      self->is_mad = TRUE;
      world.n_losses++;
      world.n_losses_ever++;
      sim_note ("rubbish", self->number, 0);
      send (self->fd, rubbish, sizeof rubbish, MSG_DONTWAIT | MSG_NOSIGNAL);
      self->die_ns = MIN (self->die_ns, sim_now () + sim_some_time ());
      self->send_ns = SIM_NEVER;
      return;
    }

  if (!sim_send_some (self->fd, &self->out, &self->send_ns))
    {
      self->send_ns = SIM_NEVER;
      self->die_ns = MIN (self->die_ns, sim_now ());
      return;
    }
  n_sent = before - dagsched_buffer_get_length (&self->out);
  sim_note ("slot sends", self->number, n_sent);
  self->is_partial = self->send_ns != SIM_NEVER;
  if (self->is_partial)
    return;
  if (self->phase == SIM_PHASE_RELEASING && self->end_ns == SIM_NEVER)
    {
      self->phase = SIM_PHASE_IDLE;
      world.n_releasing--;
    }
  if (self->is_running && self->is_finished)
    {
      self->is_running = FALSE;
      world_attempt_ends (self->test, self->planned);
    }
}

/* What is due of one slot. */
gboolean
sim_slot_advance (SimSlot *self)
{
  gint64 now = sim_now ();

  if (self->gone_ns <= now)
    sim_slot_be_gone (self);
  else if (self->fd < 0)
    return FALSE;
  else if (self->die_ns <= now)
    sim_slot_end (self);
  else if (self->send_ns <= now)
    flush (self);
  else if (self->output_ns <= now)
    put_output (self);
  else if (self->end_ns <= now)
    (self->phase == SIM_PHASE_RELEASING ? end_release : finish) (self);
  else if (self->deadline_ns <= now && self->stopping)
    begin_killing (self);
  else if (self->deadline_ns <= now)
    {
      self->flags |= DAGSCHED_FINISHED_TIMED_OUT;
      begin_stopping (self);
    }
  else
    return FALSE;

  return TRUE;
}

gint64
sim_slot_get_next (const SimSlot *self)
{
  gint64 next = self->gone_ns;

  if (self->fd < 0)
    return next;

  next = MIN (next, MIN (self->die_ns, self->send_ns));
  return MIN (next, MIN (self->output_ns, MIN (self->end_ns, self->deadline_ns)));
}
