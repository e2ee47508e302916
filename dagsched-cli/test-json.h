/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dagsched.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Members of JSON objects that describe tests. Members are always there, null where nothing applies:
 * scripts rely on it (dagsched(1), JSON). */

void test_json_add_string (JsonBuilder *builder, const char *member, const char *value);
void test_json_add_strv (JsonBuilder *builder, const char *member, const char *const *values);
/* Seconds; null when @value is not above 0. */
void test_json_add_seconds (JsonBuilder *builder, const char *member, double value);
/* An amount, or "all". */
void test_json_add_amount (JsonBuilder *builder, const char *member, guint amount);

/* What tells a test from others: name, suites, labels, origin. */
void test_json_add_identity (JsonBuilder *builder, DagschedTest *test);
/* How the scheduler treats it. */
void test_json_add_scheduling (JsonBuilder *builder, DagschedTest *test);
/* How it is carried out. */
void test_json_add_command (JsonBuilder *builder, DagschedTest *test);
/* "depends". */
void test_json_add_dependencies (JsonBuilder *builder, DagschedGraph *graph, DagschedTest *test);

G_END_DECLS
