# SPDX-License-Identifier: Apache-2.0
# The app without its screens, against a real server.
doorstep_add_executable(app_context_loopback_test
  SOURCES app_context_test.cpp
  DEPENDS doorstep_app_context doorstep_test_server doorstep_catch_main)
add_test(NAME loopback.app_context COMMAND app_context_loopback_test)
