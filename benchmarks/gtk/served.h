/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pace.h"

G_BEGIN_DECLS

/* A paced run in another process, which publishes it. */
typedef struct _Served Served;

/* Starts the program itself once more, with "--serve" after @args, and waits until it can be observed. */
Served *served_start (const char *const *args);
DagschedObserver *served_observe (Served *self);
/* The run begins. */
void served_go (Served *self);
void served_free (Served *self);

/* In the other process: returns when the run has ended and nobody needs it any more. */
void served_serve (DagschedScheduler *scheduler, Pace *pace);

G_END_DECLS
