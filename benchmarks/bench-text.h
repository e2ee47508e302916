/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes tables, for terminals or in Markdown. Cells fill rows from left to right. */
typedef struct _BenchText BenchText;

BenchText *bench_text_new (gboolean markdown);
void bench_text_free (BenchText *self);
/* The text; frees SELF. */
char *bench_text_end (BenchText *self);

void bench_text_add_title (BenchText *self, const char *title);
void bench_text_add_line (BenchText *self, const char *line);

/* The heads of the columns, NULL at the end. */
void bench_text_begin_table (BenchText *self, const char *head, ...) G_GNUC_NULL_TERMINATED;
void bench_text_add_word (BenchText *self, const char *word);
/* NAN is shown as a dash. */
void bench_text_add_number (BenchText *self, double number);
/* Writes nothing for a table without rows. */
void bench_text_end_table (BenchText *self);

/* Three digits that count, or all before the point. */
char *bench_text_format_number (double number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchText, bench_text_free)

G_END_DECLS
