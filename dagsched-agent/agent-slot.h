/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A slot process: carries out one attempt at a time for the runner at the other end of @runner_fd,
 * until that ends, or the keeper does, whose end of @life_fd closes then. What lives below it dies with
 * it. Does not return. */
_Noreturn void agent_slot_main (int runner_fd, int life_fd, const char *root, unsigned long number);
