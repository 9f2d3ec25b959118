# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(http_front_test
  SOURCES http_front_bounds_test.cpp http_front_calls_test.cpp http_front_fixture.cpp
    http_front_malformed_test.cpp
  DEPENDS doorstep_http doorstep_services doorstep_crypto doorstep_https_client doorstep_catch_main)
add_test(NAME loopback.http_front COMMAND http_front_test)
