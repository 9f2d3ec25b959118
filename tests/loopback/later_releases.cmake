# SPDX-License-Identifier: Apache-2.0
find_package(absl CONFIG REQUIRED)
find_package(nlohmann_json REQUIRED)
doorstep_add_executable(later_releases_test
  SOURCES later_releases_test.cpp ../support/headless_phone.cpp
  DEPENDS doorstep_later_server doorstep_test_server doorstep_phone doorstep_sync_grpc
          doorstep_catch_main
  LIBRARIES absl::synchronization nlohmann_json::nlohmann_json)
add_test(NAME loopback.later_releases COMMAND later_releases_test)
