# SPDX-License-Identifier: Apache-2.0
find_package(absl CONFIG REQUIRED)
doorstep_add_executable(doorstep-bench-guests
  SOURCES guests_bench.cpp
  DEPENDS doorstep_test_server doorstep_https_client
  LIBRARIES absl::synchronization fmt::fmt)
