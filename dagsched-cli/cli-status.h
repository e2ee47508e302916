/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The exit statuses of the command; of several that apply, the least line here counts. */
typedef enum
{
  CLI_STATUS_OK = 0,
  CLI_STATUS_FAILURE = 1,    /* a test failed, was blocked by a failure or cancelled */
  CLI_STATUS_USAGE = 2,      /* usage, source or graph error: nothing was run */
  CLI_STATUS_INCOMPLETE = 3, /* the run could not be completed */
  CLI_STATUS_NOTHING = 4,    /* nothing selected */
  CLI_STATUS_SIGNAL = 128,   /* plus the number of the signal that ended the run */
} CliStatus;
