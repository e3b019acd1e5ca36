#ifndef CRAWLER_EXTRACT_FOREST_H
#define CRAWLER_EXTRACT_FOREST_H

#include <stdint.h>

/*
 * What the model says of one row of features. Leaves are rounded to 2^-16
 * before they are added, and the logistic function is counted in whole
 * numbers: the same row has the same answer on every machine.
 */
#define FOREST_ONE (1u << 30)

/* How likely the block is content: 0 to FOREST_ONE. */
uint32_t forest_probability(const float *row);

#endif
