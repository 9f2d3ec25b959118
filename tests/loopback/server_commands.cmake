# SPDX-License-Identifier: Apache-2.0
doorstep_add_executable(server_commands_test
  SOURCES command_beside_test.cpp command_interrupted_test.cpp server_commands_test.cpp
    server_folder_test.cpp web_certificate_test.cpp
  DEPENDS doorstep_commands doorstep_test_server doorstep_https_client doorstep_catch_main)
target_compile_definitions(server_commands_test PRIVATE
  DOORSTEP_SERVER_BINARY="$<TARGET_FILE:doorstep-server>")
add_test(NAME loopback.server_commands COMMAND server_commands_test)
