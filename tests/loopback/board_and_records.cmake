# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(board_and_records_loopback_test
  SOURCES board_and_records_test.cpp
  DEPENDS doorstep_test_server doorstep_https_client doorstep_proto doorstep_catch_main)
add_test(NAME loopback.board_and_records COMMAND board_and_records_loopback_test)
