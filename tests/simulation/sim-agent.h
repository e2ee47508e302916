/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

/* Agents as the library meets them: a keeper with slots at the other ends of real sockets, that speak with the real
 * encoders, in virtual time; and all that can go wrong with them. */

/* A new session: no agent is there. */
void sim_agents_init (void);
void sim_agents_clear (void);
/* What an agent is started by. */
int sim_agents_spawn (int fd);

G_END_DECLS
