# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(office_loopback_test
  SOURCES decision_services_test.cpp office_services_test.cpp
  DEPENDS doorstep_test_server doorstep_https_client doorstep_wire doorstep_catch_main)
add_test(NAME loopback.office COMMAND office_loopback_test)
