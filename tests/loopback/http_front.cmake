# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(http_front_test
  SOURCES http_front_bounds_test.cpp http_front_calls_test.cpp http_front_fixture.cpp
    http_front_malformed_test.cpp
  DEPENDS doorstep_http doorstep_services doorstep_crypto doorstep_https_client doorstep_catch_main)
add_test(NAME loopback.http_front COMMAND http_front_test)
# Its parts are of types that no other source knows.
set_source_files_properties(http_front_fixture.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
