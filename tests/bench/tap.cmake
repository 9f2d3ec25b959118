# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(doorstep-bench-tap SOURCES tap_bench.cpp
  DEPENDS doorstep_phone LIBRARIES fmt::fmt)
