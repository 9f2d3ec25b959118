# SPDX-License-Identifier: Apache-2.0
find_package(absl CONFIG REQUIRED)
doorstep_add_executable(doorstep-bench-push
  SOURCES push_bench.cpp push_floors.cpp
  DEPENDS doorstep_test_server LIBRARIES absl::synchronization fmt::fmt)
