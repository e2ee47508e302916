/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* One kind of bad behaviour. */
typedef struct
{
  const char *name; /* NULL: the last */
  int (*behave) (void);
} HostileKind;

/* Arrays, each of which ends with one that has no name. */
extern const HostileKind hostile_kinds_that_leave[];
extern const HostileKind hostile_kinds_that_hang[];
extern const HostileKind hostile_kinds_that_write[];
extern const HostileKind hostile_kinds_that_end[];
extern const HostileKind hostile_kinds_that_litter[];

extern const char *hostile_argument; /* (nullable) what the behaviour is to be done to */

/* The end of those that leave something behind: 0, unless they are to stay. */
int hostile_leave (void);
/* The end of those that never end. */
_Noreturn void hostile_hang (void);
/* All is set up: what comes can't be told from within any more. */
void hostile_tell_ready (void);
_Noreturn void hostile_wait (void);
_Noreturn void hostile_spin (void);
_Noreturn void hostile_give_up (const char *what);
bool hostile_is_child (void);
void hostile_be_deaf (void);
/* A child tells its parent that it is what it was to become. */
void hostile_prepare_to_become (void);
void hostile_became (void);
void hostile_wait_until_became (int n);
/* Never the same process for long: each starts the next and ends. */
_Noreturn void hostile_fly (bool in_sessions);
void *hostile_fork_in_thread (void *data);
