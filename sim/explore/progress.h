/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_PROGRESS_H
#define EXPLORE_PROGRESS_H

#include "explore/search.h"

/* Call ->progress of the options about ten times a second. Of several workers the first does. */
void search_report_progress(struct search *search);

#endif
