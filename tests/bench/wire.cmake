# SPDX-License-Identifier: Apache-2.0
find_package(absl CONFIG REQUIRED)
doorstep_add_executable(doorstep-bench-wire
  SOURCES wire_bench.cpp counting_proxy.cpp
  DEPENDS doorstep_test_server doorstep_phone doorstep_sync_grpc
  LIBRARIES absl::synchronization fmt::fmt nlohmann_json::nlohmann_json)
