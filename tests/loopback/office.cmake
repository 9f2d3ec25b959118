# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(office_loopback_test
  SOURCES commissioning_services_test.cpp decision_services_test.cpp office_services_test.cpp
    rules_services_test.cpp
  DEPENDS doorstep_test_server doorstep_https_client doorstep_wire doorstep_catch_main)
target_compile_definitions(office_loopback_test PRIVATE
  DOORSTEP_SERVER_BINARY="$<TARGET_FILE:doorstep-server>")
add_test(NAME loopback.office COMMAND office_loopback_test)
