/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>

typedef struct
{
  int runner_fd;
  int life_fd;      /* ends when the keeper does */
  const char *root; /* directory for those of slots */
  unsigned long number;
  bool artifacts_are_shared; /* other runs may use the directory for artifacts as well */
} AgentSlotParams;

/* A slot process: carries out one attempt at a time for the runner at the other end of runner_fd, until that
 * ends, or the keeper does. What lives below it dies with it. Does not return. */
_Noreturn void agent_slot_main (const AgentSlotParams *params);
