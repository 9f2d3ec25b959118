# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(server_loopback_test
  SOURCES device_port_test.cpp server_life_test.cpp server_log_test.cpp
  DEPENDS doorstep_test_server doorstep_https_client doorstep_catch_main)
add_test(NAME loopback.server COMMAND server_loopback_test)
