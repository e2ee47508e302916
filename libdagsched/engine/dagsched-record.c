/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/dagsched-record-private.h"

#define FIRST_LENGTH 16
#define MAX_LENGTH 1024

struct _DagschedRecordBlock
{
  DagschedRecordBlock *older;
  guint length;
  guint used;
  DagschedAttemptRecord records[];
};

DagschedAttemptRecord *
dagsched_record_table_append (DagschedRecordTable *self)
{
  DagschedRecordBlock *block = self->newest;

  if (block == NULL || block->used == block->length)
    {
      guint length = block == NULL ? FIRST_LENGTH : MIN (block->length * 2, MAX_LENGTH);

      block = g_malloc0 (sizeof *block + length * sizeof block->records[0]);
      block->length = length;
      block->older = self->newest;
      self->newest = block;
    }

  return &block->records[block->used++];
}

static void
free_result (DagschedResult *result)
{
  dagsched_result_clear (result);
  g_free (result);
}

void
dagsched_record_table_clear (DagschedRecordTable *self)
{
  while (self->newest != NULL)
    {
      DagschedRecordBlock *block = self->newest;

      for (guint i = 0; i < block->used; i++)
        free_result (block->records[i].result);
      self->newest = block->older;
      g_free (block);
    }
}
