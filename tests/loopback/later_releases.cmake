# SPDX-License-Identifier: Apache-2.0
find_package(nlohmann_json REQUIRED)
doorstep_add_executable(later_releases_test
  SOURCES later_releases_test.cpp
  DEPENDS doorstep_later_server doorstep_test_server doorstep_headless_phone
    doorstep_catch_main
  LIBRARIES nlohmann_json::nlohmann_json)
add_test(NAME loopback.later_releases COMMAND later_releases_test)
