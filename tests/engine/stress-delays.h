/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* Delays threads at random at the steps of their protocols, in builds with -Ddebug_steps=true. */

gboolean stress_delays_can_start (void);
/* With one step in focus or none, often or seldom: by @seed. */
void stress_delays_start (guint seed);
void stress_delays_stop (void);
/* The steps that were never reached, by number; NULL: none. */
char *stress_delays_list_missing (void);
