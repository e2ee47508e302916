/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/dagsched-causes-private.h"
#include "report/dagsched-style-private.h"
#include "report/dagsched-tally-private.h"

G_BEGIN_DECLS

/* The lines that tell of one test: a word, a count, a duration, the name, and what there is to say. */

/* "FAILED     12/340     0.52s  api/upload: exited with status 1" */
void dagsched_test_lines_append_finished (GString *out,
                                          const DagschedStyle *style,
                                          const DagschedTally *tally,
                                          DagschedCauses *causes,
                                          DagschedTest *test);
/* The same for what is no outcome: @word is one of RETRY and SLOW; @what is somebody else's text. */
void dagsched_test_lines_append_notice (GString *out,
                                        const DagschedStyle *style,
                                        const DagschedTally *tally,
                                        const char *word,
                                        DagschedTest *test,
                                        double seconds,
                                        const char *what);
/* The ends of both outputs, each line behind a bar, and where its artifacts are. */
void dagsched_test_lines_append_output (GString *out, const DagschedStyle *style, DagschedAttempt *attempt);

G_END_DECLS
