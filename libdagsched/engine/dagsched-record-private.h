/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dagsched-engine-private.h"

G_BEGIN_DECLS

/* An attempt table: grows at its end, one thread appends; entries keep their addresses. */
typedef struct _DagschedRecordBlock DagschedRecordBlock;
typedef struct
{
  DagschedRecordBlock *newest;
} DagschedRecordTable;

/* A zeroed entry. Its result will be its own. */
DagschedAttemptRecord *dagsched_record_table_append (DagschedRecordTable *self);
void dagsched_record_table_clear (DagschedRecordTable *self);

G_END_DECLS
