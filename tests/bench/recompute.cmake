# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(doorstep-bench-recompute
  SOURCES recompute_bench.cpp
  DEPENDS doorstep_measure_files LIBRARIES fmt::fmt)
