# SPDX-License-Identifier: Apache-2.0
find_package(nlohmann_json REQUIRED)
doorstep_add_executable(phone_loopback_test
  SOURCES phone_and_server_test.cpp
  DEPENDS doorstep_test_server doorstep_catch_main LIBRARIES nlohmann_json::nlohmann_json)
target_compile_definitions(phone_loopback_test PRIVATE
  DOORSTEP_PHONE_BINARY="$<TARGET_FILE:doorstep-phone>")
add_dependencies(phone_loopback_test doorstep-phone)
add_test(NAME loopback.phone COMMAND phone_loopback_test)
doorstep_add_executable(plan_changes_test
  SOURCES plan_changes_test.cpp
  DEPENDS doorstep_test_server doorstep_catch_main doorstep_monitoring doorstep_server_projections
  LIBRARIES nlohmann_json::nlohmann_json)
target_compile_definitions(plan_changes_test PRIVATE
  DOORSTEP_PHONE_BINARY="$<TARGET_FILE:doorstep-phone>")
add_dependencies(plan_changes_test doorstep-phone)
add_test(NAME loopback.plan_changes COMMAND plan_changes_test)
