/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>

/* A temporary directory for the files of one case. */
typedef struct
{
  char *directory;
} Fixture;

#define ADD_CASE(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

char *fixture_path (Fixture *fixture, const char *name);
/* Makes the directories that it needs, too. */
char *fixture_write (Fixture *fixture, const char *name, const char *content);
/* Loads "@name" as a source recognised by content; NULL and an error if that fails. */
DagschedGraph *fixture_load (Fixture *fixture, const char *name, GError **error);
/* Asserts that @error is @code and its message, without the directory's name, @message. */
void fixture_assert_error (Fixture *fixture, const GError *error, DagschedError code, const char *message);
void remove_tree (const char *path);
