# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(doorstep-bench-versions
  SOURCES versions_bench.cpp
  DEPENDS doorstep_config doorstep_office LIBRARIES fmt::fmt)
