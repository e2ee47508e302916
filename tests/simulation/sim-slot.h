/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "executor/dagsched-message-private.h"
#include "sim-world.h"

G_BEGIN_DECLS

/* A slot of a simulated agent, and the attempts that it carries out: what their processes do, and when. */

#define SIM_NEVER G_MAXINT64
#define SIM_US G_GINT64_CONSTANT (1000)
#define SIM_MS G_GINT64_CONSTANT (1000000)

typedef enum
{
  SIM_PHASE_IDLE,
  SIM_PHASE_RUNNING,
  SIM_PHASE_RELEASING,
  SIM_PHASE_KEPT,
} SimPhase;

typedef struct _SimKeeper SimKeeper;

typedef struct
{
  SimKeeper *keeper;
  guint64 number;
  int fd; /* -1: the process has ended */
  DagschedBuffer in;
  DagschedBuffer out;
  gint64 send_ns; /* the next piece goes out */
  gint64 die_ns;
  gint64 gone_ns; /* nothing is left of it, and the keeper says so */
  gboolean is_gone;
  gboolean is_left;    /* the runner's end is closed, or says nothing more */
  gboolean is_partial; /* some of what is in out is sent: what comes next belongs to it */
  gboolean is_mad;     /* it has sent rubbish: nothing that it says is understood any more */

  SimPhase phase;
  guint64 id;
  guint test;
  DagschedOutcome planned;
  gboolean is_running; /* as the world sees it */
  gint64 start_ns;
  gint64 end_ns;
  gint64 deadline_ns; /* its time-out, or the end of its grace */
  gint64 grace_ns;
  gint64 output_ns;
  gboolean keeps;
  gboolean stopping;
  gboolean killed;
  guint32 flags;
  gboolean is_finished; /* once what says so is sent, the world sees it */
} SimSlot;

struct _SimKeeper
{
  int fd; /* -1: the process has ended */
  DagschedBuffer in;
  DagschedBuffer out;
  GQueue *fds;
  gboolean is_left;
  gint64 send_ns;
  gint64 die_ns;
};

/* The process has died. */
void sim_slot_end (SimSlot *self);
/* Nothing is left of it. */
void sim_slot_be_gone (SimSlot *self);
void sim_slot_receive (SimSlot *self);
/* What is due now: one thing. FALSE: nothing. */
gboolean sim_slot_advance (SimSlot *self);
gint64 sim_slot_get_next (const SimSlot *self);

/* How long something takes. */
gint64 sim_some_time (void);
/* One of @n_left. */
gboolean sim_take_chance (guint *n_left, guint rarity);
/* Sends some of it. FALSE: nobody is at the other end. */
gboolean sim_send_some (int fd, DagschedBuffer *out, gint64 *send_ns);

G_END_DECLS
