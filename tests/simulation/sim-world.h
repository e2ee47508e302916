/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "random-case.h"
#include "sim.h"

G_BEGIN_DECLS

/* What is known of a run from outside: of its log, as it is written, and of the tests' processes. It is what the
 * promises are checked against; nothing of it comes from the library. */

#define WORLD_MAX_WORKERS 6

typedef struct
{
  /* In the log of this session, as far as it is written; and when this session began. */
  gboolean is_logged;
  DagschedOutcome outcome;
  guint n_attempts_logged;
  gboolean is_lost;     /* the reason is the loss of an agent */
  gboolean has_attempt; /* there, too: a disk may have been full for that line only */
  gboolean was_logged;
  gboolean ever_logged; /* before any session */

  /* Its processes, or calls of its function, in this session. */
  guint n_running;
  guint n_runs;
  guint attempt;         /* the last that began; 0: none */
  gint64 retry_ns;       /* the next may not begin before; 0: at any time */
  DagschedOutcome ended; /* what that came to; NONE: it was lost, or has not ended */
  guint64 value;         /* that a fixture handed on; 0: none */
  gboolean is_kept;      /* processes of the fixture are there */
} WorldTest;

typedef struct
{
  RandomCase random;
  gboolean functions;
  guint n_workers;
  gboolean ever_closed;
  guint max_failures; /* 0: none */
  guint session;      /* 1…: how often the run was begun or resumed */

  /* What may happen in this session; how often, at most. */
  guint n_slot_deaths;
  guint n_keeper_deaths;
  guint n_broken_frames;
  guint n_failed_spawns;
  guint death_rarity;
  guint64 log_capacity; /* bytes; G_MAXUINT64: it never fills up */
  guint64 torn_at;      /* likewise: the process is killed while it writes that byte */

  /* What has happened in this session. */
  guint n_losses; /* of slots and agents */
  guint n_losses_ever;
  gint64 log_failed_ns;
  gboolean is_torn; /* the log ends in half a line, and that was told */
  gint64 stopped_ns;
  gint64 closed_ns;    /* no further test starts, but for cleanups */
  gboolean was_killed; /* not even those */
  gboolean is_broken;  /* no agent could be had any more */
  gboolean is_over;    /* whoever hangs for good goes on */
  guint n_running;
  guint n_begun;
  guint n_releasing; /* slots that are busy with what a failed fixture left */
  guint n_failures;
  guint64 n_log_bytes;
  GString *line; /* the last one of the log, until it is whole */
  gboolean log_has_end;

  WorldTest tests[MAX_TESTS];
} World;

extern World world;

void world_init (guint64 seed, gboolean functions);
void world_clear (void);
void world_print (void);
/* A new process begins or resumes the run; @log: (nullable) what is there of it. */
void world_begin_session (const char *log, gsize length);
/* No further test starts from now on, and (@stop) those that run are told to end, or (@kill) are killed. */
void world_close (gboolean stop, gboolean kill);

/* The calls of the log. */
gssize world_may_write (const char *data, gsize length, int *error);
void world_written (const char *data, gsize length);

void world_attempt_begins (guint test, guint attempt);
/* @outcome: NONE: it was lost. */
void world_attempt_ends (guint test, DagschedOutcome outcome);
/* What the fixture left running is told to end. */
void world_fixture_ends (guint test);
void world_check_may_go_on (guint test);
void world_check_idle (void);
/* The run has ended. */
void world_check_end (gboolean complete);

G_END_DECLS
