/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an executor holds of each attempt that it was given: it answers for it until it lets go. */
#include "engine/dagsched-engine-types-private.h"

struct _DagschedAttemptHandle
{
  DagschedEngine *engine; /* a reference; read-only */
  DagschedTicket ticket;  /* read-only */
};

DagschedAttemptHandle *
dagsched_attempt_handle_new (DagschedEngine *engine, const DagschedTicket *ticket)
{
  DagschedAttemptHandle *self = g_new (DagschedAttemptHandle, 1);

  self->engine = dagsched_engine_ref (engine);
  self->ticket = *ticket;
  return self;
}

static void
attempt_handle_free (DagschedAttemptHandle *self)
{
  dagsched_engine_unref (self->engine);
  g_free (self);
}

const DagschedTicket *
dagsched_attempt_handle_get_ticket (DagschedAttemptHandle *self)
{
  return &self->ticket;
}

void
dagsched_attempt_handle_complete (DagschedAttemptHandle *self,
                                  DagschedEngineThread *thread,
                                  DagschedResult *result)
{
  if (dagsched_engine_claim (self->engine, &self->ticket))
    dagsched_engine_end_attempt (dagsched_engine_get_thread (self->engine, thread), &self->ticket, result);
  else
    dagsched_result_clear (result);
  attempt_handle_free (self);
}

void
dagsched_attempt_handle_drop (DagschedAttemptHandle *self)
{
  if (dagsched_engine_claim (self->engine, &self->ticket))
    dagsched_dispatch_drop (self->engine);
  attempt_handle_free (self);
}
