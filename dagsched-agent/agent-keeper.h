/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The keeper: forks slot processes for the runner at the other end of @runner_fd, and kills what dead
 * ones leave, until the runner has gone; then everything. Returns the exit status. */
int agent_keeper_main (int runner_fd);
